import type { MqttCliError } from '../../errors.ts'
import type { Transport } from './transport.ts'

const ignore = () => {}

/** Tells the end of a transport once, also to who listens only after it: a FIN may come before anybody does. */
export abstract class CloseNotice {
  #onClose: Transport['onClose'] = ignore
  #tellLate: (() => void) | undefined

  get onClose(): Transport['onClose'] {
    return this.#onClose
  }

  set onClose(closed: Transport['onClose']) {
    this.#onClose = closed
    const tell = this.#tellLate
    this.#tellLate = undefined
    if (tell !== undefined) queueMicrotask(tell)
  }

  protected tellClosed(cause: MqttCliError | undefined): void {
    if (this.#onClose === ignore) this.#tellLate = () => this.#onClose(cause)
    else this.#onClose(cause)
  }
}
