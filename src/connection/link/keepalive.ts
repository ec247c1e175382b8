import { monotonicMs } from '../clock.ts'
import { livePartBytes } from '../sign-of-life.ts'
import { bulkBytes, Outflow } from './outflow.ts'

/** Whose connection is kept alive. */
export interface KeptAlive {
  sendPing(): void
  /** Bytes of what was written that have left for good. Asked when a large message may be on a slow line. */
  readonly leftBytes: number
  /** Bytes that came so far, of whatever carries the packets. */
  readonly arrivedBytes: number
  /** Nothing came back in time. */
  fellSilent(silentMs: number, keepAliveSeconds: number): void
}

/**
 * PINGREQ when nothing was sent or nothing was received for the keep alive [MQTT-3.1.2-20]. A silent peer is found within
 * one and a half times the keep alive and a second. The deadline counts only while we read, so that a slow reader of
 * our output never costs the session; and a large message holds it off while it still leaves. Pings go out all the same. Times are whole milliseconds, which an object holds
 * without another one for each.
 */
export class Keepalive {
  #sentAt: number
  #receivedAt: number
  #pingedAt: number | undefined
  #readingSince: number
  #isReading = true
  /** Since the last sign of life. */
  #partBytes = 0
  /** Written since then, and how it leaves where that is much. */
  #unansweredBytes = 0
  #outflow: Outflow | undefined
  /** Those of the last look. */
  #arrivedBytes = 0
  #timer: NodeJS.Timeout | undefined
  readonly #periodMs: number
  readonly #peer: KeptAlive
  readonly #clock: () => number

  /** `seconds`: the server's Server Keep Alive if it gave one [MQTT-3.2.2-21], else ours; 0 never pings. */
  constructor(seconds: number, peer: KeptAlive, clock = monotonicMs) {
    this.#periodMs = seconds * 1000
    this.#peer = peer
    this.#clock = clock
    const now = this.#now()
    this.#sentAt = now
    this.#receivedAt = now
    this.#readingSince = now
    if (seconds > 0) this.#scheduleIn(this.#periodMs)
  }

  sent(bytes: number): void {
    this.#sentAt = this.#now()
    this.#unansweredBytes += bytes
  }

  /** A packet, or as much of one as none but a live peer sends. */
  received(nowMs: number): void {
    this.#receivedAt = Math.floor(nowMs)
    this.#pingedAt = undefined
    this.#partBytes = 0
    this.#unansweredBytes = 0
    this.#outflow = undefined
  }

  /** Bytes that complete no packet: a peer that only drips is not alive, one that sends a large message is. */
  receivedPart(bytes: number, nowMs: number): void {
    this.#partBytes += bytes
    if (this.#partBytes >= livePartBytes) this.received(nowMs)
  }

  /** We stopped or began to read. */
  reading(isReading: boolean): void {
    if (isReading && !this.#isReading) this.#readingSince = this.#now()
    this.#isReading = isReading
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #now(): number {
    return Math.floor(this.#clock())
  }

  #scheduleIn(ms: number): void {
    this.#timer = setTimeout(Keepalive.#fire, Math.max(ms, 1), this)
  }

  static #fire(keepalive: Keepalive): void {
    keepalive.#check()
  }

  #check(): void {
    const now = this.#now()
    this.#look(now)
    const deadAt = this.#deadAt()
    if (deadAt !== undefined && now >= deadAt && !this.#hasArrived(now)) {
      this.#peer.fellSilent(now - this.#receivedAt, this.#periodMs / 1000)
      return
    }
    if (this.#pingDueAt() <= now) {
      if (this.#pingedAt === undefined) this.#arrivedBytes = this.#peer.arrivedBytes
      this.#pingedAt ??= now
      this.#peer.sendPing()
      this.#sentAt = now
      this.#look(now)
    }
    const lookAt = this.#outflow === undefined ? Number.POSITIVE_INFINITY : now + lookMs(this.#periodMs)
    this.#scheduleIn(Math.min(this.#pingDueAt(), lookAt, this.#deadAt() ?? Number.POSITIVE_INFINITY) - now)
  }

  /** Part of a packet that is passed on when it is whole is a sign of life, if it is much. */
  #hasArrived(now: number): boolean {
    const { arrivedBytes } = this.#peer
    const isAlive = arrivedBytes - this.#arrivedBytes >= livePartBytes
    if (isAlive) this.received(now)
    return isAlive
  }

  /** The answer that is due may have a large message before it. */
  #look(now: number): void {
    if (this.#pingedAt === undefined || this.#unansweredBytes < bulkBytes) return
    this.#outflow ??= new Outflow()
    this.#outflow.look(this.#peer.leftBytes, now)
  }

  #pingDueAt(): number {
    const sendBy = this.#sentAt + this.#periodMs
    if (this.#pingedAt !== undefined || !this.#isReading) return sendBy
    return Math.min(sendBy, this.#receivedAt + this.#periodMs)
  }

  /** When the peer counts as gone: half a keep alive and a second after the PINGREQ that it did not answer. */
  #deadAt(): number | undefined {
    if (this.#pingedAt === undefined || !this.#isReading) return undefined
    const usualMs = this.#periodMs / 2 + 1000
    const waitsSince = Math.max(this.#pingedAt, this.#readingSince, this.#outflow?.leftAt ?? 0)
    return waitsSince + (this.#outflow?.patienceMs(usualMs) ?? usualMs)
  }
}

/** Between two looks whether bytes still leave. */
function lookMs(periodMs: number): number {
  return Math.min(Math.max(periodMs / 4, 100), 5000)
}
