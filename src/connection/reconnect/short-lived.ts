import type { Advice } from '../../advice.ts'
import { MqttCliError } from '../../errors.ts'
import type { LinkEnd } from '../link/link-end.ts'
import { triesAfter } from '../link/unanswered.ts'
import { longestBackoffMs } from './backoff.ts'

/** A connection that ends sooner than this did not really stand. */
const shortLivedMs = 5000
/** So many of them in a row, and something throws us out. */
const shortLivedMaximum = 8
/** From here on the cause is named: once may be chance. */
const suspiciousInARow = 2

/** Counts sessions that end as soon as they stand, so that two clients with one id do not push each other out for ever. */
export class ShortLived {
  #inARow = 0
  #wasBrokerAway = false

  /**
   * Whether a session of this length counts as one that lived. Two clients with one id throw each other out at their
   * own delays, which grow: what lived no longer than the other waited did not live.
   */
  lived(livedMs: number): boolean {
    return livedMs >= Math.max(shortLivedMs, 2 * longestBackoffMs(this.#inARow))
  }

  /** Nobody answered in between: it is the broker that comes and goes, and no other client. */
  foundNobody(): void {
    this.#wasBrokerAway = true
  }

  /** The error to end with, when it has happened too often. */
  ended(livedMs: number, end: LinkEnd, clientId = ''): MqttCliError | undefined {
    const hasLived = this.lived(livedMs)
    this.#inARow = hasLived ? 0 : this.#inARow + 1
    if (hasLived) this.#wasBrokerAway = false
    return this.#inARow < shortLivedMaximum ? undefined : this.#tooOften(end, clientId)
  }

  /** The same end, with its most likely cause named once it has happened again. */
  explained(error: MqttCliError, end: LinkEnd, clientId: string): MqttCliError {
    if (this.#inARow < suspiciousInARow || end.isWordless !== true) return error
    const { because, causes } = this.#suspicion(end, clientId)
    const message = `${error.message}, ${this.#inARow} times within seconds: most likely ${because}`
    return new MqttCliError(error.kind, message, { ...error.details, causes })
  }

  /** Attempts that count for the backoff: a session that lived makes the next delay short again. */
  get attempt(): number {
    return this.#inARow
  }

  #tooOften(end: LinkEnd, clientId: string): MqttCliError {
    const { causes, tries } = this.#suspicion(end, clientId)
    const onWhat = end.closedOn === undefined ? '' : `, this time on our ${end.closedOn}`
    return new MqttCliError('lost', `The broker ended ${this.#inARow} connections in a row within seconds${onWhat}`, {
      layer: 'session',
      causes,
      tries: [...tries, 'look into the broker’s log'],
      cause: end.error,
    })
  }

  #suspicion(end: LinkEnd, clientId: string): Suspicion {
    if (end.closedOn !== undefined) return ofPacket(end.closedOn)
    if (end.isWordless !== true) return { because: '', causes: [], tries: [] } // it was said each time
    return this.#wasBrokerAway ? restarting : ofOtherClient(clientId)
  }
}

interface Suspicion {
  readonly because: string
  readonly causes: readonly string[]
  readonly tries: readonly Advice[]
}

const restarting: Suspicion = {
  because: 'the broker stops and starts again and again',
  causes: ['the broker stops and starts again and again'],
  tries: [],
}

/** Who closes on a packet of ours does not like the packet. */
function ofPacket(packet: string): Suspicion {
  return {
    because: `it does not take our ${packet}`,
    causes: [`the broker does not take our ${packet}, and says so by closing`],
    tries: triesAfter(packet),
  }
}

/** Who closes while nothing is asked has another client. */
function ofOtherClient(clientId: string): Suspicion {
  const because = `another client uses the same client id${clientId === '' ? '' : ` “${clientId}”`}`
  return { because, causes: [`${because}, and each throws the other out`], tries: [{ try: 'other-id' }] }
}
