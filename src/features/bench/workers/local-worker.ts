import { epochMicroseconds } from '../../../connection/clock.ts'
import { LoadCounters } from '../clients/load-counters.ts'
import type { LoadPublisher } from '../clients/load-publisher.ts'
import type { ClockRange } from '../clock-figures.ts'
import { clockAheadOf } from '../clocks/clock-ahead.ts'
import { LoopDelay } from '../counters/loop-delay.ts'
import type { BenchPhase } from '../events.ts'
import { RateCurve } from '../pace/arrival-schedule.ts'
import { Flight } from '../pace/flight.ts'
import { FlightWindow } from '../pace/flight-window.ts'
import { Pacer } from '../pace/pacer.ts'
import { NodePrecisionTimer, type PrecisionTimer, ThreadPrecisionTimer } from '../pace/precision-timer.ts'
import { highestPerSecond, rateShareOf } from '../settings.ts'
import { errorData } from './error-data.ts'
import { heardFigures } from './heard-figures.ts'
import type {
  ConnectStep,
  LoadWorker,
  PublisherFacts,
  WorkerContext,
  WorkerResult,
  WorkerStatus,
} from './load-worker.ts'
import { accountsOf, audienceTree } from './publisher-figures.ts'
import { subscriberFacts } from './subscriber-facts.ts'
import { WorkerClients } from './worker-clients.ts'
import { WorkerMeter } from './worker-meter.ts'

/** A timer of Node may come this much before its time. */
const timerEarlyMs = 1

/** At a rate, how far the broker has read is asked so often. */
const betweenFencesMs = 250

const mostExactPerSecond = 20_000

/** A part of a load in this very thread. Counts; judges nothing. */
export class LocalWorker implements LoadWorker {
  readonly #context: WorkerContext
  readonly #counters: LoadCounters
  readonly #clients: WorkerClients
  readonly #loopDelay = new LoopDelay()
  readonly #curve: RateCurve | undefined
  readonly #precisionTimer: PrecisionTimer | undefined
  readonly #window: FlightWindow | undefined
  #meter: WorkerMeter
  #pacer: Pacer<LoadPublisher> | undefined
  #wasStopped = false
  #fences: NodeJS.Timeout | undefined

  constructor(context: WorkerContext) {
    const { settings, runId, slice, cpuMicroseconds } = context
    const flight = new Flight(context.flight, slice.index, slice.of)
    this.#context = context
    this.#counters = new LoadCounters(runId, settings, flight)
    this.#window = windowOf(context, flight)
    this.#curve = curveOf(context)
    this.#precisionTimer = precisionTimerOf(context, () => this.#pacer?.tick())
    const resume = (publisher: LoadPublisher) => this.#pacer?.resume(publisher)
    this.#clients = new WorkerClients(context, this.#counters, this.#curve, this.#window, resume)
    this.#counters.arrived.settlesInOrder = !this.#clients.topics.areNumbered
    this.#meter = new WorkerMeter(this.#counters, this.#loopDelay, cpuMicroseconds)
    this.#loopDelay.start()
  }

  async connect(step: ConnectStep, version = this.#counters.version) {
    this.#counters.version = version
    await this.#clients.connect(step)
    return this.#counters.version
  }

  async filters(): Promise<readonly string[]> {
    return this.#clients.filters
  }

  async setClocks(clocks: readonly ClockRange[]): Promise<void> {
    this.#counters.arrived.clockAhead = clockAheadOf(clocks)
  }

  async begin(startMicroseconds: number, filters: readonly string[]): Promise<void> {
    if (this.#context.settings.subscribers > 0) this.#clients.meetAudience(filters)
    const { settings, cpuMicroseconds } = this.#context
    const { phases } = this.#counters
    const measureMs = settings.end.by === 'duration' ? settings.end.milliseconds : Number.POSITIVE_INFINITY
    phases.start(startMicroseconds, settings.warmupMs, measureMs)
    this.#loopDelay.takeMaxMicroseconds()
    this.#loopDelay.measure(settings.warmupMs === 0)
    this.#meter = new WorkerMeter(this.#counters, this.#loopDelay, cpuMicroseconds)
    if (this.#precisionTimer === undefined) this.#saturateFrom(startMicroseconds)
    else {
      this.#fences = setInterval(() => this.#clients.passFences(), betweenFencesMs)
      this.#pacer = new Pacer(startMicroseconds, phases.endMicroseconds, this.#precisionTimer)
      this.#pacer.start(this.#clients.publishers)
    }
  }

  #saturateFrom(startMicroseconds: number): void {
    const begin = () => {
      for (const publisher of this.#clients.publishers) setImmediate(() => publisher.saturate())
    }
    const waitMs = (startMicroseconds - epochMicroseconds()) / 1000
    if (waitMs <= 0) begin()
    else setTimeout(begin, Math.ceil(waitMs) + timerEarlyMs) // what left before the start would be of no phase
  }

  async status(): Promise<WorkerStatus> {
    const { alive } = this.#clients
    return {
      progress: this.#counters.progress,
      arrivals: this.#counters.arrivals,
      isSendingOver: this.#isSendingOver,
      served: this.#counters.served,
      ...this.#clients.debts,
      alivePublishers: alive.publishers,
      aliveSubscribers: alive.subscribers,
      aliveResponders: alive.responders,
      away: alive.publishers + alive.subscribers + alive.responders - this.#counters.connect.standing,
    }
  }

  get #isSendingOver(): boolean {
    if (this.#wasStopped) return true
    const isOver = epochMicroseconds() >= this.#counters.phases.endMicroseconds
    if (isOver && this.#curve === undefined) for (const publisher of this.#clients.publishers) publisher.finish()
    return this.#clients.publishers.every(({ isFinished }) => isFinished)
  }

  async sample(next: BenchPhase) {
    const second = this.#meter.take(this.#clients.debts.unacknowledged)
    this.#loopDelay.measure(next === 'measure')
    return second
  }

  async endMeasuring(atMicroseconds: number): Promise<void> {
    const { phases } = this.#counters
    phases.endMicroseconds = Math.min(phases.endMicroseconds, atMicroseconds)
  }

  async stop(): Promise<void> {
    this.#wasStopped = true
    this.#clients.stopConnecting()
    await this.endMeasuring(epochMicroseconds())
    for (const publisher of this.#clients.publishers) publisher.finish()
    this.#pacer?.stop()
  }

  async leave(limitMs: number): Promise<readonly PublisherFacts[]> {
    for (const publisher of this.#clients.publishers) {
      publisher.finish()
      publisher.countUnsent()
    }
    await this.#clients.leave(limitMs)
    return this.#clients.publisherFacts
  }

  async result(publishers: readonly PublisherFacts[], isCut: boolean): Promise<WorkerResult> {
    const { subscribers, topics } = this.#clients
    const { settings } = this.#context
    const failure = errorData(this.#clients.failure)
    const { part } = settings
    const accounts = accountsOf(settings, subscribers, publishers, isCut)
    return {
      counters: this.#counters.data,
      perPublisher: accounts.perPublisher,
      subscribers: subscriberFacts(settings, subscribers, accounts.perAudience),
      heard: part ? heardFigures(topics, part.whole.publishers, audienceTree(subscribers), isCut) : [],
      loopDelay: this.#loopDelay.encoded(),
      ...(failure && { failure }),
    }
  }

  /** Also where the run came to nothing: nobody may stay behind. */
  async close(): Promise<void> {
    this.#pacer?.stop()
    this.#loopDelay.stop()
    this.#window?.close()
    clearInterval(this.#fences)
    await this.#clients.leave(0)
    await this.#precisionTimer?.close()
  }
}

/** Acknowledgements alone bound what a publisher sends; where somebody of ours listens, what arrives does so too. */
function windowOf({ settings, slice }: WorkerContext, flight: Flight): FlightWindow | undefined {
  const { load, publishers, subscribers, qos, connection } = settings
  if (load.mode !== 'saturate' || publishers === 0 || (qos > 0 && subscribers === 0)) return undefined
  const limit = qos === 0 ? connection.inflightMaximum : undefined
  return new FlightWindow(flight, { learns: slice.index === 0, isAlone: slice.of === 1, limit })
}

/** Above its highest rate a timer's millisecond brings many messages at once anyway, and a thread would cost a tenth of a core. */
function precisionTimerOf({ settings, threadFiles }: WorkerContext, tick: () => void): PrecisionTimer | undefined {
  if (settings.load.mode === 'saturate' || settings.publishers === 0) return undefined
  const isQuick = highestPerSecond(settings.load) * rateShareOf(settings) > mostExactPerSecond
  return isQuick ? new NodePrecisionTimer(tick) : new ThreadPrecisionTimer(threadFiles.precisionTimer, tick)
}

function curveOf({ settings }: WorkerContext): RateCurve | undefined {
  const { load, warmupMs, end } = settings
  if (load.mode === 'saturate') return undefined
  if ('stages' in load) return RateCurve.stages(load.stages)
  const durationMs = end.by === 'duration' ? warmupMs + end.milliseconds : Number.POSITIVE_INFINITY
  return RateCurve.constant(load.ratePerSecond, durationMs)
}
