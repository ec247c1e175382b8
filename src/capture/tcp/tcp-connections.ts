import { type DirectionSink, TcpDirection } from './tcp-direction.ts'
import type { Segment } from './tcp-segment.ts'

/** One end of a captured connection. */
export interface CapturedEnd {
  readonly address: Buffer
  readonly port: number
}

/** `first` opened it; where the capture has not its beginning, `first` is who was seen first. */
export interface CapturedConnection {
  readonly first: CapturedEnd
  readonly second: CapturedEnd
  /** Whether the capture has the SYN of one of them. */
  readonly hasBeginning: boolean
}

export interface ConnectionSink {
  readonly first: DirectionSink
  readonly second: DirectionSink
  /** Nothing more of it can come: closed, reset, or the capture ended. */
  ended(epochMicroseconds: number, isReset: boolean): void
}

/** Connections that are followed at a time. Beyond it the one that began first is given up. */
const mostConnections = 50_000

/** So long after its end a segment of a connection is a late one; its ports may be used again then. */
const lateForMicroseconds = 10_000_000
const mostRemembered = 20_000

interface Followed {
  readonly keys: readonly [string, string]
  readonly sink: ConnectionSink
  readonly directions: readonly [TcpDirection, TcpDirection]
  readonly isFinished: [boolean, boolean]
}

/** Tells connections apart by their addresses and ports, and the sides of each. */
export class TcpConnections {
  readonly #open: (connection: CapturedConnection, epochMicroseconds: number) => ConnectionSink
  /** By sender and receiver: each connection twice. */
  readonly #followed = new Map<string, { readonly of: Followed; readonly side: 0 | 1 }>()
  /** When connections ended, by sender and receiver: what still comes of them is late, and begins nothing. */
  readonly #over = new Map<string, number>()
  #lastMicroseconds = 0
  /** Connections that were given up because there were too many. */
  givenUp = 0

  constructor(open: (connection: CapturedConnection, epochMicroseconds: number) => ConnectionSink) {
    this.#open = open
  }

  /** `addresses`: the sender's and then the receiver's, as Latin-1: a string is compared faster than bytes. */
  take(addresses: string, segment: Segment, epochMicroseconds: number): void {
    this.#lastMicroseconds = Math.max(this.#lastMicroseconds, epochMicroseconds)
    const key = addresses + String.fromCharCode(segment.sourcePort, segment.destinationPort)
    let known = this.#followed.get(key)
    const isOpening = segment.isSyn && segment.acknowledged === undefined
    if (known !== undefined && isOpening && this.#isOver(known.of)) {
      this.#end(known.of, false)
      known = undefined
    }
    if (known === undefined && segment.payload.length === 0 && !segment.isSyn) return // a word about nothing that we know
    if (known === undefined && !isOpening && this.#isLate(key)) return
    known ??= this.#begin(key, addresses, segment, epochMicroseconds)
    this.#pass(known.of, known.side, segment, epochMicroseconds)
  }

  /** The capture is over. */
  end(): void {
    for (const of of new Set([...this.#followed.values()].map((entry) => entry.of))) this.#end(of, false)
  }

  #pass(of: Followed, side: 0 | 1, segment: Segment, epochMicroseconds: number): void {
    const direction = of.directions[side]
    const other = of.directions[side === 0 ? 1 : 0]
    if (segment.isSyn) direction.begin(segment.sequence)
    direction.take(segment, epochMicroseconds)
    if (segment.acknowledged !== undefined) other.acknowledged(segment.acknowledged, epochMicroseconds)
    direction.watch(epochMicroseconds)
    while (direction.release(epochMicroseconds) || other.release(epochMicroseconds));
    if (segment.isReset) this.#end(of, true)
    else if (of.isFinished[0] && of.isFinished[1]) this.#end(of, false)
  }

  #isLate(key: string): boolean {
    const endedAt = this.#over.get(key)
    return endedAt !== undefined && this.#lastMicroseconds - endedAt < lateForMicroseconds
  }

  #remember(keys: readonly string[]): void {
    for (const key of keys) {
      this.#over.delete(key)
      this.#over.set(key, this.#lastMicroseconds)
    }
    for (const oldest of this.#over.keys()) {
      if (this.#over.size <= mostRemembered) break
      this.#over.delete(oldest)
    }
  }

  #isOver({ isFinished }: Followed): boolean {
    return isFinished[0] || isFinished[1]
  }

  #begin(key: string, addresses: string, segment: Segment, epochMicroseconds: number) {
    if (this.#followed.size >= mostConnections * 2) this.#giveUpOldest()
    const isAnswer = segment.isSyn && segment.acknowledged !== undefined
    const { sourcePort, destinationPort } = segment
    const half = addresses.length / 2
    const [source, destination] = [addresses.slice(0, half), addresses.slice(half)]
    const sender = { address: Buffer.from(source, 'latin1'), port: sourcePort }
    const receiver = { address: Buffer.from(destination, 'latin1'), port: destinationPort }
    const side = isAnswer ? 1 : 0
    const sink = this.#open(
      {
        first: isAnswer ? receiver : sender,
        second: isAnswer ? sender : receiver,
        hasBeginning: segment.isSyn,
      },
      epochMicroseconds,
    )
    const otherKey = destination + source + String.fromCharCode(destinationPort, sourcePort)
    const isFinished: [boolean, boolean] = [false, false]
    const directions = [
      new TcpDirection(noting(sink.first, () => (isFinished[0] = true))),
      new TcpDirection(noting(sink.second, () => (isFinished[1] = true))),
    ] as const
    directions[0].peer = directions[1]
    directions[1].peer = directions[0]
    const of: Followed = {
      keys: [key, otherKey],
      sink,
      isFinished,
      directions,
    }
    const entry = { of, side } as const
    this.#followed.set(key, entry)
    this.#followed.set(otherKey, { of, side: side === 0 ? 1 : 0 })
    return entry
  }

  #end(of: Followed, isReset: boolean): void {
    this.#remember(of.keys)
    for (const key of of.keys) if (this.#followed.get(key)?.of === of) this.#followed.delete(key)
    const [first, second] = of.directions
    while (first.end(this.#lastMicroseconds) || second.end(this.#lastMicroseconds)) {
      while (first.release(this.#lastMicroseconds) || second.release(this.#lastMicroseconds));
    }
    of.sink.ended(this.#lastMicroseconds, isReset)
  }

  #giveUpOldest(): void {
    const [oldest] = this.#followed.values()
    if (oldest === undefined) return
    this.givenUp++
    this.#end(oldest.of, false)
  }
}

function noting(sink: DirectionSink, note: () => void): DirectionSink {
  return {
    bytes: (bytes, at) => sink.bytes(bytes, at),
    gap: (bytes, at) => sink.gap(bytes, at),
    finished: (at) => {
      note()
      sink.finished(at)
    },
  }
}
