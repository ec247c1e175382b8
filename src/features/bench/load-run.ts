import { setMaxListeners } from 'node:events'
import type { BenchContext } from './bench-context.ts'
import { epochMicroseconds } from './epoch-clock.ts'
import { LoadClients } from './load-clients.ts'
import type { LoadPublisher } from './load-publisher.ts'
import { LoadRecords } from './load-records.ts'
import { LoopDelay } from './loop-delay.ts'
import { Pacer } from './pacer.ts'
import { RateCurve } from './rate-curve.ts'
import { SecondMeter } from './second-meter.ts'

const lookMs = 20
/** Nothing moved for so long: the last message is out and in. */
const settledMs = 100
/** The user waits: longer than this nothing is expected any more. */
const stoppedDrainMs = 1000

/** One run of publishers and subscribers, from the first connection to the last message. Counts; judges nothing. */
export class LoadRun {
  readonly records: LoadRecords
  readonly clients: LoadClients
  readonly loopDelay = new LoopDelay()
  readonly meter: SecondMeter
  wasStopped = false
  readonly #context: BenchContext
  readonly #curve: RateCurve | undefined
  #pacer: Pacer<LoadPublisher> | undefined

  constructor(context: BenchContext) {
    const { settings, runId } = context
    this.#context = context
    this.records = new LoadRecords(runId, settings.publishers > 0)
    this.#curve = curveOf(context)
    this.clients = new LoadClients(context, this.records, this.#curve, (publisher) => this.#pacer?.resume(publisher))
    this.meter = new SecondMeter(context, this.records, this.loopDelay)
    setMaxListeners(0, context.signal)
  }

  async run(): Promise<void> {
    const { signal, tell } = this.#context
    signal.addEventListener('abort', () => this.#stop(), { once: true })
    this.loopDelay.start()
    try {
      tell({ event: 'phase', phase: 'connect' })
      await this.clients.connect()
      if (!signal.aborted) await this.#load()
    } finally {
      this.#pacer?.stop()
      this.meter.stop()
      this.loopDelay.stop()
      await this.#leave()
    }
  }

  #stop(): void {
    this.wasStopped = true
    this.clients.stopConnecting(this.#context.signal.reason)
    const { phases } = this.records
    phases.endMicroseconds = Math.min(phases.endMicroseconds, epochMicroseconds())
    for (const publisher of this.clients.publishers) publisher.finish()
    this.#pacer?.stop()
  }

  async #load(): Promise<void> {
    const { settings, tell } = this.#context
    const { phases } = this.records
    const measureMs = settings.end.by === 'duration' ? settings.end.milliseconds : Number.POSITIVE_INFINITY
    phases.start(epochMicroseconds(), settings.warmupMs, measureMs)
    this.meter.start()
    tell({ event: 'phase', phase: settings.warmupMs > 0 ? 'warmup' : 'measure' })
    this.#begin()
    await this.#untilDone()
  }

  #begin(): void {
    const { startMicroseconds, endMicroseconds } = this.records.phases
    if (this.#curve === undefined) {
      for (const publisher of this.clients.publishers) setImmediate(() => publisher.saturate())
      return
    }
    this.#pacer = new Pacer(startMicroseconds, endMicroseconds, this.#askedPerSecond)
    this.#pacer.start(this.clients.publishers)
  }

  get #askedPerSecond(): number {
    const { load } = this.#context.settings
    if (load.mode === 'saturate') return Number.POSITIVE_INFINITY
    return 'ratePerSecond' in load ? load.ratePerSecond : Math.max(...load.stages.map((each) => each.ratePerSecond))
  }

  /** Until everything is sent, confirmed and quiet, or nothing moves any more. */
  async #untilDone(): Promise<void> {
    const { quietMs } = this.#context.settings
    let progress = -1
    let movedAtMs = performance.now()
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, lookMs))
      if (this.records.progress !== progress) movedAtMs = performance.now()
      progress = this.records.progress
      const stillMs = performance.now() - movedAtMs
      const drainMs = this.wasStopped ? stoppedDrainMs : this.#context.settings.drainMs
      if (this.#isSendingOver && stillMs > settledMs) this.#endMeasuring(stillMs)
      if (this.#isSendingOver && stillMs >= (this.#isConfirmed ? quietMs : drainMs)) return
      if (this.clients.hasNobodyLeft || (stillMs >= drainMs && this.#isPastEnd)) return
      if (this.#isSendingOver && this.#isConfirmed && this.clients.subscribers.length === 0) return
    }
  }

  /** Where a number of messages ends the run, measuring ends with the last thing that moved. */
  #endMeasuring(stillMs: number): void {
    const { phases } = this.records
    if (phases.endMicroseconds !== Number.POSITIVE_INFINITY) return
    phases.endMicroseconds = epochMicroseconds()
    this.meter.look()
    this.meter.wallMicroseconds -= stillMs * 1000
  }

  get #isPastEnd(): boolean {
    return epochMicroseconds() >= this.records.phases.endMicroseconds || this.#context.settings.end.by === 'messages'
  }

  get #isSendingOver(): boolean {
    if (this.clients.publishers.length === 0) return this.wasStopped || this.#isSubscribedLongEnough
    if (this.wasStopped) return true
    const isOver = epochMicroseconds() >= this.records.phases.endMicroseconds
    if (isOver && this.#curve === undefined) for (const publisher of this.clients.publishers) publisher.finish()
    return this.clients.publishers.every(({ isFinished }) => isFinished)
  }

  get #isSubscribedLongEnough(): boolean {
    const { end } = this.#context.settings
    if (end.by === 'messages') return this.records.arrivals >= end.count
    return epochMicroseconds() >= this.records.phases.endMicroseconds
  }

  get #isConfirmed(): boolean {
    return this.clients.publishers.every(({ unacknowledged }) => unacknowledged === 0)
  }

  async #leave(): Promise<void> {
    const { quietMs } = this.#context.settings
    for (const publisher of this.clients.publishers) {
      publisher.finish()
      publisher.countUnsent()
    }
    await this.clients.leave(quietMs)
  }
}

function curveOf({ settings }: BenchContext): RateCurve | undefined {
  const { load, warmupMs, end } = settings
  if (load.mode === 'saturate') return undefined
  if ('stages' in load) return RateCurve.stages(load.stages)
  const durationMs = end.by === 'duration' ? warmupMs + end.milliseconds : Number.POSITIVE_INFINITY
  return RateCurve.constant(load.ratePerSecond, durationMs)
}
