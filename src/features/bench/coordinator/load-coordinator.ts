import { epochMicroseconds } from '../../../connection/clock.ts'
import type { MqttCliError } from '../../../errors.ts'
import { type BenchContext, runNameOf } from '../bench-context.ts'
import { LoadCounters } from '../clients/load-counters.ts'
import type { ShardClock } from '../clock-figures.ts'
import { heardShards } from '../clocks/heard-shards.ts'
import { LatencyRecorder } from '../counters/latency-recorder.ts'
import type { PublisherFigures } from '../events.ts'
import { RunWatch } from '../observe/run-watch.ts'
import { Flight } from '../pace/flight.ts'
import type { Rendezvous } from '../rendezvous/rendezvous.ts'
import { wholeOf } from '../settings.ts'
import type { HeardFigures, OtherShard, SentFigures } from '../shard-figures.ts'
import { errorFrom } from '../workers/error-data.ts'
import { heardTogether } from '../workers/heard-figures.ts'
import type { ConnectStep, LoadWorker, WorkerStatus } from '../workers/load-worker.ts'
import { mostSevereError } from '../workers/most-severe-error.ts'
import { addedUp } from '../workers/publisher-figures.ts'
import type { SubscriberFacts } from '../workers/subscriber-facts.ts'
import { firstSlice, hasResponder } from '../workers/worker-slice.ts'
import { Drain } from './drain.ts'
import { SecondMeter } from './second-meter.ts'
import { StandstillWatch } from './standstill-watch.ts'

const sampleMs = 20
/** Other shards end when this one does, or a moment later. */
const partingMs = 1000
/** Nothing moved for so long: the last message is out and in. */
const settledMs = 100
/** So that all threads begin together: each has heard of it by then. */
const headStartMicroseconds = 20_000

/** One run, from the first connection to the last message, over all threads that have a worker in them. Judges nothing. */
export class LoadCoordinator {
  /** Of all workers together, once `run` has returned. */
  readonly counters: LoadCounters
  readonly loopDelay = new LatencyRecorder()
  readonly meter: SecondMeter
  readonly standstills = new StandstillWatch()
  readonly watch: RunWatch
  perPublisher: readonly PublisherFigures[] = []
  subscribers: readonly SubscriberFacts[] = []
  /** Of a shard: what its publishers sent, and what came here of the publishers of all shards. */
  sent: readonly SentFigures[] = []
  heard: readonly HeardFigures[] = []
  /** What is known of the other shards when this one is done. */
  others: readonly OtherShard[] | undefined
  /** The most severe reason for which a client is gone for good. */
  failure: MqttCliError | undefined
  #wasStopped = false
  readonly #context: BenchContext
  readonly #workers: readonly LoadWorker[]
  readonly #drain: Drain

  readonly #rendezvous: Rendezvous | undefined

  /** `rendezvous`: where other shards of the run begin with this one. */
  constructor(context: BenchContext, workers: readonly LoadWorker[], rendezvous?: Rendezvous) {
    const { settings, runId } = context
    this.#context = context
    this.#workers = workers
    this.#rendezvous = rendezvous
    this.counters = new LoadCounters(runId, settings, new Flight(context.flight))
    this.watch = new RunWatch(context)
    this.meter = new SecondMeter(context, this.counters, workers, this.watch)
    this.#drain = new Drain(settings, this.counters.flight)
  }

  async run(): Promise<void> {
    const { signal, emit } = this.#context
    const stop = () => void this.#stop()
    signal.addEventListener('abort', stop, { once: true })
    try {
      await this.watch.open()
      await this.#rendezvous?.meet('connect')
      emit({ event: 'phase', phase: 'connect' })
      if (!signal.aborted) await this.#connect()
      if (!signal.aborted) await this.#lookAtClocks()
      await this.#rendezvous?.meet('load')
      if (!signal.aborted) await this.#load()
      await this.meter.stop()
      await this.watch.finish()
      await this.#leave()
      if (!signal.aborted) await this.#rendezvous?.clocks.look('after')
      await this.#rendezvous?.othersSent(partingMs)
      this.others = this.#rendezvous?.others
    } finally {
      signal.removeEventListener('abort', stop)
      await this.watch.close()
      await Promise.all(this.#workers.map((worker) => worker.close()))
    }
  }

  /** How the clocks of the shards stood whose messages came here. */
  get clocks(): readonly ShardClock[] {
    return this.#rendezvous?.clocks.figures ?? []
  }

  /** Everybody has come to the rendezvous, and nothing is sent yet. */
  async #lookAtClocks(): Promise<void> {
    if (this.#rendezvous === undefined) return
    const filters = (await Promise.all(this.#workers.map((worker) => worker.filters()))).flat()
    const { clocks } = this.#rendezvous
    await clocks.look('before', heardShards(this.#context.settings, filters, runNameOf(this.#context)))
    await Promise.all(this.#workers.map((worker) => worker.setClocks(clocks.ranges)))
  }

  async #connect(): Promise<void> {
    const { settings } = this.#context
    const first = this.#workers[firstSlice(settings, this.#workers.length)]!
    const version = await first.connect('first', undefined)
    const steps: readonly ConnectStep[] =
      settings.mode === 'rpc' ? ['subscribers', 'responder', 'publishers'] : ['subscribers', 'publishers']
    for (const step of steps) await Promise.all(this.#workers.map((worker) => worker.connect(step, version)))
  }

  async #stop(): Promise<void> {
    this.#wasStopped = true
    const { phases } = this.counters
    phases.endMicroseconds = Math.min(phases.endMicroseconds, epochMicroseconds())
    await Promise.all(this.#workers.map((worker) => worker.stop()))
  }

  async #load(): Promise<void> {
    const { settings, emit } = this.#context
    const measureMs = settings.end.by === 'duration' ? settings.end.milliseconds : Number.POSITIVE_INFINITY
    const filters = (await Promise.all(this.#workers.map((worker) => worker.filters()))).flat()
    await this.watch.begin()
    const start = epochMicroseconds() + (this.#workers.length > 1 ? headStartMicroseconds : 0)
    this.counters.phases.start(start, settings.warmupMs, measureMs)
    this.watch.start(this.counters.phases)
    this.meter.start()
    emit({ event: 'phase', phase: settings.warmupMs > 0 ? 'warmup' : 'measure' })
    await Promise.all(this.#workers.map((worker) => worker.begin(start, filters)))
    await this.#untilDone()
  }

  /** Until everything is sent, confirmed, arrived and quiet, or the drain is over, or nobody is left. */
  async #untilDone(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, sampleMs))
      const status = together(await Promise.all(this.#workers.map((worker) => worker.status())))
      this.#drain.sample(status, this.#isSendingOver(status))
      // Who only subscribes has nothing to send: two such shards would else wait for each other.
      if (this.#drain.isSendingOver || this.#context.settings.publishers === 0) this.#rendezvous?.saySent()
      this.#watch(status)
      if (this.#drain.isSendingOver && this.#drain.stillMs > settledMs) await this.#endMeasuring(this.#drain.stillMs)
      if (this.#hasNobodyLeft(status)) return
      const state = this.#drain.state(this.counters.phases.endMicroseconds, this.#wasStopped, this.#othersSentAt)
      if (state === 'done') return
      if (state === 'over') return this.#cutOff()
    }
  }

  /** What is still on its way comes too late; what was not sent stays unsent. */
  async #cutOff(): Promise<void> {
    await this.#endMeasuring(0)
    await Promise.all(this.#workers.map((worker) => worker.stop()))
  }

  /** While measuring, and not in the moment before the phase began. */
  #watch(status: WorkerStatus): void {
    const { measureMicroseconds, endMicroseconds } = this.counters.phases
    const now = epochMicroseconds()
    if (now < measureMicroseconds || this.#drain.isSendingOver) return
    if (now >= endMicroseconds) return
    const { settings } = this.#context
    const { flight } = this.counters
    const isHeard = settings.subscribers > 0
    this.standstills.sample({
      atMicroseconds: now,
      served: status.served + flight.settledInAll,
      sent: status.progress,
      isSending: settings.load.mode === 'saturate' && settings.publishers > 0,
      debts: {
        acknowledgements: status.unacknowledged,
        deliveries: isHeard ? flight.outstanding : 0,
        unread: isHeard ? 0 : flight.outstanding,
        unreadBytes: status.unreadBytes,
        away: status.away,
      },
    })
  }

  /** Where a number of messages ends the run, measuring ends with the last thing that moved. */
  async #endMeasuring(stillMs: number): Promise<void> {
    const { phases } = this.counters
    if (phases.endMicroseconds !== Number.POSITIVE_INFINITY) return
    phases.endMicroseconds = epochMicroseconds()
    await Promise.all(this.#workers.map((worker) => worker.endMeasuring(phases.endMicroseconds)))
    await this.meter.sample()
    this.meter.forget(stillMs * 1000)
  }

  #isSendingOver(status: WorkerStatus): boolean {
    const { settings } = this.#context
    const { publishers, end } = settings
    if (publishers > 0 || this.#wasStopped) return status.isSendingOver
    if (end.by === 'messages' && wholeOf(settings).publishers > 0) return this.#othersSentAt !== undefined
    if (end.by === 'messages') return status.arrivals >= end.count
    return epochMicroseconds() >= this.counters.phases.endMicroseconds
  }

  /** When the last of the other shards said that it sends no more; undefined while one does. */
  get #othersSentAt(): number | undefined {
    return this.#rendezvous === undefined ? 0 : this.#rendezvous.sentAtMicroseconds
  }

  /** Every connection that the run needs is gone, and none comes back. */
  #hasNobodyLeft({ alivePublishers, aliveSubscribers, aliveResponders }: WorkerStatus): boolean {
    const { settings } = this.#context
    const { publishers, subscribers, mode } = settings
    if (mode === 'rpc' && hasResponder(settings) && aliveResponders === 0) return true
    return (publishers > 0 && alivePublishers === 0) || (subscribers > 0 && aliveSubscribers === 0)
  }

  /** Each worker's result needs to know what the publishers of all workers did. */
  async #leave(): Promise<void> {
    const { quietMs } = this.#context.settings
    const leftMs = this.#drain.leftMs(this.counters.phases.endMicroseconds, this.#wasStopped)
    const { isCut } = this.#drain
    const publishers = (
      await Promise.all(this.#workers.map((worker) => worker.leave(Math.min(quietMs, leftMs))))
    ).flat()
    const parts = await Promise.all(this.#workers.map((worker) => worker.result(publishers, isCut)))
    this.perPublisher = addedUp(parts.map((part) => part.perPublisher))
    this.subscribers = parts.flatMap((part) => part.subscribers).sort((a, b) => a.index - b.index)
    this.sent = publishers
      .map(({ index, firstMeasured, sequence }) => {
        return { publisher: index, warmup: firstMeasured, measured: sequence - firstMeasured }
      })
      .sort((a, b) => a.publisher - b.publisher)
    this.heard = heardTogether(parts.map((part) => part.heard))
    for (const { counters, loopDelay, failure } of parts) {
      this.counters.add(counters)
      this.loopDelay.add(loopDelay)
      this.failure = mostSevereError(this.failure, failure && errorFrom(failure))
    }
  }
}

/** How far all workers are. */
function together(statuses: readonly WorkerStatus[]): WorkerStatus {
  const sum = (of: (status: WorkerStatus) => number) => statuses.reduce((total, status) => total + of(status), 0)
  return {
    progress: sum(({ progress }) => progress),
    arrivals: sum(({ arrivals }) => arrivals),
    isSendingOver: statuses.every(({ isSendingOver }) => isSendingOver),
    served: sum(({ served }) => served),
    unacknowledged: sum(({ unacknowledged }) => unacknowledged),
    unreadBytes: sum(({ unreadBytes }) => unreadBytes),
    alivePublishers: sum(({ alivePublishers }) => alivePublishers),
    aliveSubscribers: sum(({ aliveSubscribers }) => aliveSubscribers),
    aliveResponders: sum(({ aliveResponders }) => aliveResponders),
    away: sum(({ away }) => away),
  }
}
