import type { MessageSink } from '../../../connection/link/receiver.ts'
import type { PublishView } from '../../../protocol/wire/publish-view.ts'
import type { ArrivalCounters } from '../counters/arrival-counters.ts'
import type { LatencyRecorder } from '../counters/latency-recorder.ts'
import type { SubscriberTally } from '../counters/subscriber-tally.ts'
import type { Flight } from '../pace/flight.ts'
import type { PhaseClock } from '../pace/phase-clock.ts'
import type { FirstLoss } from './first-loss.ts'
import { Arrival, SequenceTrack } from './sequence-track.ts'
import { StampReader, stampBytes } from './stamp.ts'
import { readStampProperty } from './stamp-property.ts'

/** Two clocks of one machine agree to this. */
export const clockGrainMicroseconds = 1000

/** What all subscribers of one thread record into. */
export interface ArrivedCounters {
  readonly phases: PhaseClock
  readonly warmup: ArrivalCounters
  readonly measure: ArrivalCounters
  readonly response: LatencyRecorder
  readonly service: LatencyRecorder
  /** The run whose messages count; undefined: whatever run the first of ours belongs to. */
  runId: number | undefined
  /** Where the publishers are elsewhere, nobody knows with which number they began. */
  readonly joinsMidway: boolean
  /** Payloads of the user's own that nothing travels beside: what comes is counted, and matched with nothing. */
  isCountedOnly: boolean
  /** Whether a publisher is in this process; undefined where all of the run are. */
  readonly isOfHere: ((publisher: number) => boolean) | undefined
  /** By how much the clock of a publisher is ahead of ours, microseconds; undefined where one clock times all. */
  clockAhead: ((publisher: number) => number) | undefined
  readonly flight: Flight
  /** A publisher's messages come in their order: what is behind the highest is on its way no more. */
  settlesInOrder: boolean
}

/** Of a subscriber that is slow on purpose: its times are its own, and nobody waits for what is on its way to it. */
export interface SlowArrivals {
  readonly response: LatencyRecorder
  readonly firstLoss: FirstLoss
}

interface MatcherParts {
  /** What the other members got, for a shared subscription. */
  readonly group?: (PublisherArrivals | undefined)[]
  /** What this subscriber got by itself, where it is to be compared with others. */
  readonly tally?: SubscriberTally
  readonly slow?: SlowArrivals
}

/** What one publisher's messages became at one subscriber, in the phase that is measured. */
export interface PublisherArrivals {
  readonly track: SequenceTrack
  /** The first number that counts for what was lost. */
  first: number
  /** Its messages are on their way here. */
  readonly isOfHere: boolean
  /** Its clock is ahead of ours by so much. */
  readonly aheadMicroseconds: number
  received: number
  duplicate: number
  reordered: number
}

/**
 * Tells for every payload of one subscriber which message it is, whether it came before and in which order. The members
 * of a shared subscription together get each message once.
 */
export class MessageMatcher {
  readonly publishers: (PublisherArrivals | undefined)[]
  readonly tally: SubscriberTally | undefined
  readonly slow: SlowArrivals | undefined
  /** Of each publisher the highest number that came here: a member of a group has an order of its own. */
  readonly #highest: number[] | undefined
  readonly #counters: ArrivedCounters
  readonly #stamp = new StampReader()
  readonly #property = Buffer.alloc(stampBytes)

  constructor(counters: ArrivedCounters, { group, tally, slow }: MatcherParts = {}) {
    this.#counters = counters
    this.tally = tally
    this.slow = slow
    this.publishers = group ?? []
    this.#highest = group === undefined ? undefined : []
  }

  message(message: PublishView): void {
    const payloadBytes = message.payloadEnd - message.payloadStart
    if (this.#isOurs(message)) this.#arrived(payloadBytes)
    else this.#unmatched(payloadBytes)
  }

  #isOurs(message: PublishView): boolean {
    const { bytes, payloadStart, payloadEnd } = message
    if (this.#stamp.read(bytes, payloadStart, payloadEnd) && this.#isOfThisRun()) return true
    return (
      readStampProperty(message, this.#property) &&
      this.#stamp.read(this.#property, 0, stampBytes) &&
      this.#isOfThisRun()
    )
  }

  #unmatched(payloadBytes: number): void {
    const { isCountedOnly, phases, warmup, measure, flight } = this.#counters
    if (!isCountedOnly) {
      measure.foreign++
      measure.foreignBytes += payloadBytes
      return
    }
    const phaseCounters = phases.readMicroseconds() >= phases.measureMicroseconds ? measure : warmup
    phaseCounters.received++
    phaseCounters.payloadBytes += payloadBytes
    if (this.slow === undefined) flight.settle(1)
  }

  /** By publishers elsewhere, before this run began. */
  #wasSentBefore(): boolean {
    const { phases, joinsMidway } = this.#counters
    const now = phases.readMicroseconds()
    return joinsMidway && now - this.#stamp.elapsedMicroseconds(now) < phases.startMicroseconds
  }

  #isOfThisRun(): boolean {
    if (this.#wasSentBefore()) return true // and says nothing of which run is to be measured
    this.#counters.runId ??= this.#stamp.runId
    return this.#stamp.runId === this.#counters.runId
  }

  #arrived(payloadBytes: number): void {
    const { phases, joinsMidway } = this.#counters
    const now = phases.readMicroseconds()
    const elapsed = this.#stamp.elapsedMicroseconds(now)
    if (this.#wasSentBefore()) this.#waited(payloadBytes)
    // Who publishes another run has phases of its own: there a message is of the phase in which it comes.
    else this.#take(payloadBytes, elapsed, joinsMidway ? now >= phases.measureMicroseconds : !this.#stamp.isOfWarmup)
  }

  #take(payloadBytes: number, elapsed: number, isMeasured: boolean): void {
    const { warmup, measure, flight, settlesInOrder } = this.#counters
    const phaseCounters = isMeasured ? measure : warmup
    const { publisher, sequence } = this.#stamp
    const figures = this.publishers[publisher] ?? this.#meet(publisher, sequence)
    phaseCounters.payloadBytes += payloadBytes
    const { next } = figures.track
    const arrival =
      this.#highest === undefined ? figures.track.arrive(sequence) : this.#arriveInGroup(figures, this.#highest)
    if (arrival === Arrival.duplicate) {
      phaseCounters.duplicate++
      if (isMeasured) figures.duplicate++
      return
    }
    phaseCounters.received++
    if (this.slow !== undefined) this.#watchForLoss(this.slow, sequence > next, elapsed)
    else if (figures.isOfHere) flight.settle(settlesInOrder ? figures.track.next - next : 1)
    if (arrival === Arrival.reordered) phaseCounters.reordered++
    if (isMeasured) this.#recordMeasured(figures, arrival, elapsed)
  }

  #watchForLoss({ firstLoss }: SlowArrivals, isAfterGap: boolean, elapsed: number): void {
    const now = this.#counters.phases.readMicroseconds()
    firstLoss.arrived(isAfterGap, now - elapsed, now)
  }

  /** Of whatever run: it waited in a session, or its publisher's clock is behind. Its time would be neither's. */
  #waited(payloadBytes: number): void {
    const { measure } = this.#counters
    measure.payloadBytes += payloadBytes
    measure.backlog++
  }

  #arriveInGroup({ track }: PublisherArrivals, highest: number[]): Arrival {
    const { publisher, sequence } = this.#stamp
    if (track.arrive(sequence) === Arrival.duplicate) return Arrival.duplicate
    const before = highest[publisher] ?? -1
    highest[publisher] = Math.max(before, sequence)
    return sequence < before ? Arrival.reordered : Arrival.inOrder
  }

  #recordMeasured(figures: PublisherArrivals, arrival: Arrival, elapsedByTheirs: number): void {
    if (figures.received++ === 0 && !figures.isOfHere) figures.first = this.#stamp.sequence
    if (arrival === Arrival.reordered) figures.reordered++
    if (this.tally !== undefined) this.tally.received++
    const { response, service, measure } = this.#counters
    const elapsed = elapsedByTheirs + figures.aheadMicroseconds
    const served = elapsed - this.#stamp.delayMicroseconds
    if (served < 0) measure.earlyMicroseconds = Math.max(measure.earlyMicroseconds, -served)
    if (served < -clockGrainMicroseconds) return // of no clock: 0 would be a lie
    this.tally?.record(elapsed)
    if (this.slow !== undefined) {
      this.slow.response.record(elapsed)
      return
    }
    response.record(elapsed)
    service.record(served)
  }

  #meet(publisher: number, sequence: number): PublisherArrivals {
    const { joinsMidway, isOfHere, clockAhead } = this.#counters
    const first = joinsMidway ? sequence : 0
    const figures = {
      track: new SequenceTrack(first),
      first,
      isOfHere: isOfHere?.(publisher) ?? true,
      aheadMicroseconds: clockAhead?.(publisher) ?? 0,
      received: 0,
      duplicate: 0,
      reordered: 0,
    }
    this.publishers[publisher] = figures
    return figures
  }
}

/** One subscriber of a load: everything that comes is matched, and confirmed at once. */
export class LoadSubscriber implements MessageSink {
  readonly index: number
  readonly filter: string
  readonly matcher: MessageMatcher
  readonly #afterRead: () => void

  constructor(index: number, filter: string, matcher: MessageMatcher, afterRead: () => void) {
    this.index = index
    this.filter = filter
    this.matcher = matcher
    this.#afterRead = afterRead
  }

  message(message: PublishView): boolean {
    this.matcher.message(message)
    return true
  }

  batchEnd(written: () => void): void {
    written()
    this.#afterRead()
  }
}
