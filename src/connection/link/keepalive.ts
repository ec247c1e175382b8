import { monotonicMs } from '../clock.ts'
import { livePartBytes } from '../sign-of-life.ts'

/** Whose connection is kept alive. */
export interface KeptAlive {
  sendPing(): void
  /** Nothing came back in time. */
  fellSilent(silentMs: number, keepAliveSeconds: number): void
}

/**
 * PINGREQ when nothing was sent or nothing was received for the keep alive [MQTT-3.1.2-20]. A silent peer is found within
 * one and a half times the keep alive and a second. The deadline counts only while we read, so that a slow reader of
 * our output never costs the session; pings go out all the same. Times are whole milliseconds, which an object holds
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

  sent(): void {
    this.#sentAt = this.#now()
  }

  /** A packet, or as much of one as none but a live peer sends. */
  received(nowMs: number): void {
    this.#receivedAt = Math.floor(nowMs)
    this.#pingedAt = undefined
    this.#partBytes = 0
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
    const deadAt = this.#deadAt()
    if (deadAt !== undefined && now >= deadAt) {
      this.#peer.fellSilent(now - this.#receivedAt, this.#periodMs / 1000)
      return
    }
    if (this.#pingDueAt() <= now) {
      this.#pingedAt ??= now
      this.#peer.sendPing()
      this.#sentAt = now
    }
    this.#scheduleIn(Math.min(this.#pingDueAt(), this.#deadAt() ?? Number.POSITIVE_INFINITY) - now)
  }

  #pingDueAt(): number {
    const sendBy = this.#sentAt + this.#periodMs
    if (this.#pingedAt !== undefined || !this.#isReading) return sendBy
    return Math.min(sendBy, this.#receivedAt + this.#periodMs)
  }

  /** When the peer counts as gone: half a keep alive and a second after the PINGREQ that it did not answer. */
  #deadAt(): number | undefined {
    if (this.#pingedAt === undefined || !this.#isReading) return undefined
    return Math.max(this.#pingedAt, this.#readingSince) + this.#periodMs / 2 + 1000
  }
}
