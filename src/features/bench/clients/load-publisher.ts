import { epochMicroseconds } from '../../../connection/clock.ts'
import { highestPublishId, largestDefaultInflight, Publisher } from '../../../connection/publish/publisher.ts'
import type { LatencyRecorder } from '../counters/latency-recorder.ts'
import type { MessageCounters } from '../counters/message-counters.ts'
import type { MessagePayload } from '../messages/message-payload.ts'
import type { SequenceRanges } from '../messages/sequence-ranges.ts'
import { SequenceTrack } from '../messages/sequence-track.ts'
import type { Audience } from '../naming/audience.ts'
import type { ArrivalSchedule } from '../pace/arrival-schedule.ts'
import type { Flight } from '../pace/flight.ts'
import type { FlightWindow } from '../pace/flight-window.ts'
import type { PhaseClock } from '../pace/phase-clock.ts'
import { InFlight } from './in-flight.ts'
import type { ReadFence } from './read-fence.ts'

/** The clock is read once for so many messages: it costs as much as encoding one. */
const messagesPerClockRead = 16
/** A publisher that is never held up yields after so many, so that others and acknowledgements have their turn. */
const messagesPerTurn = 2048

/** What all publishers of one thread record into. */
export interface PublishedCounters {
  readonly phases: PhaseClock
  readonly warmup: MessageCounters
  readonly measure: MessageCounters
  /** To PUBACK or PUBCOMP. */
  readonly response: LatencyRecorder
  readonly service: LatencyRecorder
  readonly sendDelay: LatencyRecorder
  /** What is on its way, over all threads. */
  readonly flight: Flight
  reasonName(code: number): string
}

interface LoadPublisherParts {
  readonly index: number
  readonly topic: string
  /** A topic of its own for each message; undefined when one topic serves them all. */
  readonly topicOf?: (sequence: number) => string
  readonly template: Omit<ConstructorParameters<typeof Publisher>[0], 'topic'>
  readonly inflightMaximum?: number
  readonly payload: MessagePayload
  readonly counters: PublishedCounters
  /** How many in all; Infinity where time ends the run. */
  readonly messages: number
  /** Undefined: as fast as it goes. */
  readonly schedule?: ArrivalSchedule
  /** Closed loop by what arrives; undefined where the load is paced, or acknowledgements alone close it. */
  readonly window?: FlightWindow
  /** There is room again for a message that waited. */
  readonly unblocked: (publisher: LoadPublisher) => void
}

/** One publisher of a load. Every message carries its stamp and is counted from when it is due to its end. */
export class LoadPublisher {
  readonly index: number
  readonly publisher: Publisher
  /** Messages sent; the next one's sequence. */
  sequence = 0
  /** Sequences below this were due in the warm-up. */
  firstMeasured = 0
  isFinished = false
  /** Whom its messages are for; undefined where nobody of ours subscribes. */
  audience: Audience | undefined
  /** Asks now and then how far the broker has read, where nothing else says it. */
  fence: ReadFence | undefined
  readonly #parts: LoadPublisherParts
  readonly #inFlight = new InFlight()
  /** They come in nearly their order: what is remembered is the gaps. */
  readonly #acknowledged = new SequenceTrack(0)
  readonly #isAcknowledged: boolean
  readonly #isPaced: boolean
  #isBlocked = false
  #unblockedAtMicroseconds = 0

  constructor(parts: LoadPublisherParts) {
    const { template, topic, inflightMaximum } = parts
    this.index = parts.index
    this.#parts = parts
    this.#isAcknowledged = template.qos > 0
    this.#isPaced = parts.schedule !== undefined
    const hooks = {
      ready: () => this.#ready(),
      settled: (ordinal: number, refusedWith: number | undefined) => this.#settled(ordinal, refusedWith),
    }
    const window = inflightMaximum ?? largestDefaultInflight
    const identifiers = template.qos === 0 ? 0 : Math.min(highestPublishId, 2 * window) // all of them: 0.6 MB each
    this.publisher = new Publisher({ ...template, topic }, inflightMaximum, hooks, identifiers)
  }

  get unacknowledged(): number {
    return this.publisher.window.size
  }

  /** Which of its measured messages were refused, or got no answer; undefined at QoS 0, and where they are too many ranges. */
  get neverAcknowledged(): SequenceRanges | undefined {
    if (!this.#isAcknowledged) return undefined
    return this.#acknowledged.missingRanges(this.firstMeasured, this.sequence)
  }

  get dueMicroseconds(): number {
    return this.#parts.schedule?.dueMicroseconds ?? Number.POSITIVE_INFINITY
  }

  /** Closed loop: fills the window or the network, and goes on by itself when there is room. */
  saturate(): void {
    const hasRoom = this.#sendTurn()
    this.publisher.flush()
    this.fence?.passIfDue()
    if (hasRoom && !this.isFinished) setImmediate(() => this.saturate())
  }

  /** Open loop: sends what is due. False when the window or the network holds it up. */
  sendDue(runStartMicroseconds: number): boolean {
    const schedule = this.#parts.schedule!
    let now = epochMicroseconds()
    for (let count = 0; ; count++) {
      const due = Math.floor(runStartMicroseconds + schedule.dueMicroseconds)
      if (due >= this.#parts.counters.phases.endMicroseconds) break
      if (due > now) now = epochMicroseconds()
      if (due > now) break
      if (count % messagesPerClockRead === messagesPerClockRead - 1) now = epochMicroseconds()
      if (!this.#send(due, now)) return this.#block()
      this.#recordDelay(due, now)
      schedule.advance()
    }
    this.publisher.flush()
    return true
  }

  /** Nothing more is sent. */
  finish(): void {
    if (this.isFinished) return
    this.isFinished = true
    this.publisher.flush()
    this.fence?.pass()
  }

  /** What was due before the end and never left, for a schedule. */
  countUnsent(): void {
    const { schedule, counters } = this.#parts
    if (schedule === undefined) return
    const { phases } = counters
    while (phases.startMicroseconds + schedule.dueMicroseconds < phases.endMicroseconds) {
      this.#phaseCountersOf(Math.floor(phases.startMicroseconds + schedule.dueMicroseconds)).offered++
      schedule.advance()
    }
  }

  /** False when something holds it up. */
  #sendTurn(): boolean {
    const { phases } = this.#parts.counters
    for (let turn = 0; turn < messagesPerTurn && !this.isFinished; turn += messagesPerClockRead) {
      const now = epochMicroseconds()
      if (now >= phases.endMicroseconds) this.finish()
      else if (!this.#sendRun(now)) return false
    }
    return true
  }

  #sendRun(now: number): boolean {
    const room = this.#parts.window?.room ?? messagesPerClockRead
    if (room <= 0) return this.#waitForArrivals()
    for (let count = 0; count < Math.min(messagesPerClockRead, room); count++) {
      if (this.sequence >= this.#parts.messages) {
        this.finish()
        return false
      }
      if (!this.#send(now, now)) return false
    }
    return true
  }

  #waitForArrivals(): false {
    this.publisher.flush()
    this.fence?.pass()
    this.#parts.window?.wait(() => this.#ready())
    return false
  }

  #send(intended: number, now: number): boolean {
    const { payload, topicOf, counters } = this.#parts
    if (topicOf !== undefined) this.publisher.topic = topicOf(this.sequence)
    const slot = this.#isAcknowledged ? this.#inFlight.begin(intended, now, this.sequence) : 0
    const length = payload.publish(
      this.publisher,
      slot,
      this.sequence,
      intended,
      now - intended,
      intended < counters.phases.measureMicroseconds,
    )
    if (length < 0 && this.#isAcknowledged) this.#inFlight.end(slot)
    if (length < 0) return false // never too large: that is found out before the run
    this.#count(intended, length)
    return true
  }

  #count(intended: number, length: number): void {
    const phaseCounters = this.#phaseCountersOf(intended)
    phaseCounters.offered++
    phaseCounters.sent++
    phaseCounters.payloadBytes += length
    if (this.audience !== undefined) this.#parts.counters.flight.owe(this.audience.of(this.sequence))
    else this.fence?.sent()
    this.sequence++
    if (phaseCounters === this.#parts.counters.warmup) this.firstMeasured = this.sequence
  }

  #phaseCountersOf(intended: number): MessageCounters {
    const { phases, warmup, measure } = this.#parts.counters
    return intended < phases.measureMicroseconds ? warmup : measure
  }

  /** Our own part of the delay: the time that a message waited for the broker is the broker's. */
  #recordDelay(due: number, now: number): void {
    const { phases, sendDelay } = this.#parts.counters
    const couldLeave = Math.max(due, this.#unblockedAtMicroseconds)
    if (couldLeave > due) this.#phaseCountersOf(due).late++
    if (due >= phases.measureMicroseconds) sendDelay.record(now - couldLeave)
  }

  #block(): boolean {
    this.#isBlocked = true
    this.publisher.flush()
    return false
  }

  #ready(): void {
    if (this.#parts.schedule === undefined) {
      if (!this.isFinished) this.saturate()
    } else if (this.#isBlocked) {
      this.#isBlocked = false
      this.#unblockedAtMicroseconds = epochMicroseconds()
      this.#parts.unblocked(this)
    }
  }

  #settled(slot: number, refusedWith: number | undefined): void {
    const { counters } = this.#parts
    const intended = this.#inFlight.intendedMicroseconds(slot)
    const phaseCounters = this.#phaseCountersOf(intended)
    if (refusedWith !== undefined) phaseCounters.refuse(counters.reasonName(refusedWith))
    else {
      phaseCounters.acked++
      this.#acknowledged.arrive(this.#inFlight.sequence(slot))
      // Saturating, they are read in bulk, or behind a full queue: their times would not be the broker's.
      if (this.#isPaced && phaseCounters === counters.measure) this.#recordAcknowledgement(slot, intended)
    }
    this.#inFlight.end(slot)
  }

  #recordAcknowledgement(slot: number, intended: number): void {
    const { response, service, phases } = this.#parts.counters
    const now = phases.readMicroseconds()
    response.record(now - intended)
    service.record(now - this.#inFlight.sentMicroseconds(slot))
  }
}
