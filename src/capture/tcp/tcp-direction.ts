import { type Segment, sequenceDistance } from './tcp-segment.ts'

/** What one side sent, in the order in which it sent it. */
export interface DirectionSink {
  /** Bytes in order: a window on the frame, or ours. */
  bytes(bytes: Buffer, epochMicroseconds: number): void
  /** So many bytes are not in the capture. What follows is behind them. */
  gap(bytes: number, epochMicroseconds: number): void
  /** This side sends no more. */
  finished(epochMicroseconds: number): void
}

interface Held {
  readonly sequence: number
  readonly bytes: Buffer
  readonly isFin: boolean
  /** What its sender had received by then: it says nothing before that was said. */
  readonly acknowledged: number | undefined
}

/** So much may wait for what is missing. A window of TCP is seldom larger. */
const mostHeldBytes = 4 * 1024 * 1024
/** What the other side has acknowledged and has not come for so long was never captured. */
const missingForMicroseconds = 100_000
/** Of a connection whose beginning is not there: so many segments, or so long, show where to begin. */
const segmentsToBegin = 8
const microsecondsToBegin = 200_000

/** Puts the segments of one side in order: late ones, repeated ones, overlapping ones, and those that are missing. */
export class TcpDirection {
  readonly #sink: DirectionSink
  /** The sequence number that comes next; undefined until it is known where to begin. */
  #next: number | undefined
  #held: Held[] = []
  #heldBytes = 0
  #heldSince = 0
  #acknowledged: number | undefined
  #isFinished = false
  #peer: TcpDirection | undefined

  constructor(sink: DirectionSink) {
    this.#sink = sink
  }

  /** The other side of the connection. */
  set peer(peer: TcpDirection) {
    this.#peer = peer
  }

  /** The connection begins behind this SYN, unless it is a repeated one. */
  begin(sequence: number): void {
    if (this.#next !== undefined) return
    this.#next = (sequence + 1) >>> 0
  }

  take({ sequence, payload, isFin, isSyn, acknowledged }: Segment, epochMicroseconds: number): void {
    if (this.#isFinished || (payload.length === 0 && !isFin)) return
    const start = isSyn ? (sequence + 1) >>> 0 : sequence
    const segment = { sequence: start, bytes: payload, isFin, acknowledged }
    if (this.#held.length === 0 && this.#isTurnOf(segment)) this.#deliver(segment, epochMicroseconds)
    else this.#hold({ ...segment, bytes: Buffer.from(payload) }, epochMicroseconds)
  }

  /** The other side has everything up to here: what of it is not in the capture by now will not come. */
  acknowledged(sequence: number, epochMicroseconds: number): void {
    this.#acknowledged = sequence
    if (this.#held.length > 0) this.#judge(epochMicroseconds)
  }

  /** Looks whether what waits has waited long enough. */
  watch(epochMicroseconds: number): void {
    if (this.#held.length > 0) this.#judge(epochMicroseconds)
  }

  /** Nothing more comes: tells the first of what waits, with the gap before it. False when nothing waits. */
  end(epochMicroseconds: number): boolean {
    if (this.#held.length === 0) return false
    this.#skip(epochMicroseconds)
    return true
  }

  #hold(held: Held, epochMicroseconds: number): void {
    if (this.#held.length === 0) this.#heldSince = epochMicroseconds
    const place = this.#held.findLastIndex((each) => sequenceDistance(each.sequence, held.sequence) <= 0) + 1
    this.#held.splice(place, 0, held)
    this.#heldBytes += held.bytes.length
    this.#judge(epochMicroseconds)
  }

  #judge(epochMicroseconds: number): void {
    const heldFor = epochMicroseconds - this.#heldSince
    if (this.#next === undefined) {
      if (this.#held.length >= segmentsToBegin || heldFor > microsecondsToBegin) this.#skip(epochMicroseconds)
    } else if (
      this.#heldBytes > mostHeldBytes ||
      (heldFor > missingForMicroseconds && (this.#isAcknowledged() || this.#isNext()))
    ) {
      this.#skip(epochMicroseconds)
    }
  }

  #isAcknowledged(): boolean {
    const [first] = this.#held
    if (this.#acknowledged === undefined || first === undefined) return false
    return sequenceDistance(this.#acknowledged, first.sequence) >= 0
  }

  /** Nothing is missing here: what it answers is. */
  #isNext(): boolean {
    return sequenceDistance((this.#held[0] as Held).sequence, this.#next as number) <= 0
  }

  /** Goes on with what is there, over what is not. Where nothing was before, nothing is missing that we know of. */
  #skip(epochMicroseconds: number): void {
    const [first] = this.#held
    if (first === undefined) return
    const missing = this.#next === undefined ? 0 : sequenceDistance(first.sequence, this.#next)
    if (missing > 0) this.#sink.gap(missing, epochMicroseconds)
    if (this.#next === undefined || missing > 0) this.#next = first.sequence
    this.#held.shift()
    this.#heldBytes -= first.bytes.length
    this.#heldSince = epochMicroseconds
    this.#deliver(first, epochMicroseconds)
  }

  /** Tells what waits no longer. True when there was something. */
  release(epochMicroseconds: number): boolean {
    let released = 0
    for (const held of this.#held) {
      if (!this.#isTurnOf(held)) break
      released++
      this.#heldBytes -= held.bytes.length
      this.#deliver(held, epochMicroseconds)
    }
    if (released === 0) return false
    this.#held.splice(0, released)
    this.#heldSince = epochMicroseconds
    return true
  }

  /** Nothing before it is missing, here or of what it answers. */
  #isTurnOf({ sequence, acknowledged }: Held): boolean {
    if (this.#next === undefined || sequenceDistance(sequence, this.#next) > 0) return false
    const heard = this.#peer === undefined ? undefined : this.#peer.#next
    return acknowledged === undefined || heard === undefined || sequenceDistance(acknowledged, heard) <= 0
  }

  /** What overlaps with bytes that were there already adds its end to them: the first that came count. */
  #deliver({ sequence, bytes, isFin }: Held, epochMicroseconds: number): void {
    const repeated = sequenceDistance(this.#next as number, sequence)
    if (bytes.length > repeated) {
      this.#next = (sequence + bytes.length) >>> 0
      this.#sink.bytes(repeated === 0 ? bytes : bytes.subarray(repeated), epochMicroseconds)
    }
    if (!isFin || this.#isFinished || sequenceDistance(sequence + bytes.length, this.#next as number) < 0) return
    this.#isFinished = true
    this.#next = (this.#next! + 1) >>> 0 // the FIN takes a number too
    this.#sink.finished(epochMicroseconds)
  }
}
