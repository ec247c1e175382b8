import { randomBytes } from 'node:crypto'
import type { MessageSink } from '../../connection/link/receiver.ts'
import { Publisher } from '../../connection/publish/publisher.ts'

/** Publishes messages that nobody else knows, and waits for each to come back. */
export class Nonces {
  readonly publisher: Publisher
  readonly sink: MessageSink
  #awaited: { readonly nonce: Buffer; readonly arrived: () => void } | undefined
  #count = 0

  constructor(topic: string) {
    const settings = { topic, qos: 0, retain: false, properties: {} } as const
    this.publisher = new Publisher(settings, undefined, { ready: () => {}, settled: () => {} })
    this.sink = {
      message: ({ bytes, payloadStart, payloadEnd }) => {
        const { nonce, arrived } = this.#awaited ?? {}
        if (nonce?.equals(bytes.subarray(payloadStart, payloadEnd)) === true) arrived?.()
        return true
      },
      batchEnd: (written) => written(),
    }
  }

  /** Resolves when the message is back. */
  send(): Promise<void> {
    const nonce = randomBytes(16)
    return new Promise((arrived) => {
      this.#awaited = { nonce, arrived }
      this.publisher.publish(nonce, 0, nonce.length, ++this.#count, true)
      this.publisher.flush()
    })
  }
}
