import { cpuMicrosecondsOf, epochMicroseconds } from '../../../connection/clock.ts'
import type { MqttCliError } from '../../../errors.ts'
import type { ProtocolVersion } from '../../../protocol/wire/packet.ts'
import type { BenchContext } from '../bench-context.ts'
import { ConnectCounters } from '../counters/connect-counters.ts'
import { LatencyRecorder } from '../counters/latency-recorder.ts'
import type { BenchPhase, BenchSecond, IdleFigures, StormFigures } from '../events.ts'
import { RunWatch } from '../observe/run-watch.ts'
import type { Rendezvous } from '../rendezvous/rendezvous.ts'
import type { OtherShard } from '../shard-figures.ts'
import { errorFrom } from '../workers/error-data.ts'
import type { IdleStatus, IdleWorker } from '../workers/idle-worker.ts'
import { mostSevereError } from '../workers/most-severe-error.ts'

const sampleMs = 20
/** Other shards end when this one does, or a moment later. */
const partingMs = 1000
const tickMs = 1000
/** Below this the noise of the process is larger than its connections. */
const fewestToMeasure = 100

/** Connections that connect, ping and stay, over all threads: how fast, how many, at what cost, and how they come back. */
export class IdleCoordinator {
  /** Of all workers together, once `run` has returned. */
  readonly counters = new ConnectCounters()
  readonly loopDelay = new LatencyRecorder()
  readonly seconds: BenchSecond[] = []
  /** Of each storm, as histograms add up. */
  readonly stormTimes: string[] = []
  readonly watch: RunWatch
  version: ProtocolVersion = 5
  failure: MqttCliError | undefined
  idle: IdleFigures | undefined
  cpuMicroseconds = 0
  wallMicroseconds = 0
  /** What is known of the other shards when this one is done. */
  others: readonly OtherShard[] | undefined
  readonly #context: BenchContext
  readonly #workers: readonly IdleWorker[]
  readonly #began = epochMicroseconds()
  #phase: BenchPhase = 'connect'
  /** When, and the CPU used until then. */
  #lastSample: readonly [atMicroseconds: number, cpuMicroseconds: number] = [this.#began, 0]
  #heldMicroseconds = 0

  readonly #rendezvous: Rendezvous | undefined

  /** `rendezvous`: where other shards of the run begin with this one. */
  constructor(context: BenchContext, workers: readonly IdleWorker[], rendezvous?: Rendezvous) {
    this.#context = context
    this.#rendezvous = rendezvous
    this.#workers = workers
    this.watch = new RunWatch(context)
  }

  get workers(): number {
    return this.#workers.length
  }

  async run(): Promise<void> {
    const { signal } = this.#context
    const cpuBefore = this.#cpuMicroseconds
    this.#lastSample = [this.#began, cpuBefore]
    const stop = () => void this.#all((worker) => worker.stop())
    signal.addEventListener('abort', stop, { once: true })
    const ticks = setInterval(() => void this.#tick(), tickMs)
    try {
      await this.watch.open()
      await this.watch.begin()
      await this.#connectAndStay()
      this.cpuMicroseconds = this.#cpuMicroseconds - cpuBefore
      this.wallMicroseconds = epochMicroseconds() - this.#began
      clearInterval(ticks)
      await this.watch.finish()
      await this.#leave()
      await this.#rendezvous?.othersSent(partingMs)
      this.others = this.#rendezvous?.others
    } finally {
      clearInterval(ticks)
      signal.removeEventListener('abort', stop)
      await this.watch.close()
      await this.#all((worker) => worker.close())
    }
  }

  async #connectAndStay(): Promise<void> {
    const { settings, figures, signal } = this.#context
    await this.#rendezvous?.meet('connect')
    this.#enter('connect')
    const [first] = this.#workers
    this.version = await first!.connectFirst()
    const { residentBytes } = figures()
    if (!signal.aborted) await this.#all((worker) => worker.connectRest(this.version))
    await this.#rendezvous?.meet('load')
    this.#enter('measure')
    this.watch.start({ startMicroseconds: this.#began, measureMicroseconds: epochMicroseconds() })
    const residentBytesEach = await this.#residentEach(residentBytes)
    await this.#hold()
    const storms = await this.#storms()
    this.#rendezvous?.saySent()
    const { standing } = await this.#status()
    this.idle = {
      connections: settings.connections,
      held: standing,
      heldSeconds: this.#heldMicroseconds / 1e6,
      ...(residentBytesEach !== undefined && { residentBytesEach }),
      storms,
    }
  }

  async #residentEach(residentBytes: number): Promise<number | undefined> {
    const others = (await this.#status()).standing - 1
    if (others < fewestToMeasure) return undefined
    return Math.max(0, Math.round((this.#context.figures().residentBytes - residentBytes) / others))
  }

  /** For the asked time, or until the user stops or nobody is left. */
  async #hold(): Promise<void> {
    const { settings, signal } = this.#context
    const began = epochMicroseconds()
    const milliseconds = settings.end.by === 'duration' ? settings.end.milliseconds : 0
    while (!signal.aborted && epochMicroseconds() - began < milliseconds * 1000) {
      const { standing, returning } = await this.#status()
      if (standing + returning === 0) break
      await new Promise((resolve) => setTimeout(resolve, sampleMs))
    }
    this.#heldMicroseconds = epochMicroseconds() - began
  }

  async #storms(): Promise<StormFigures[]> {
    const storms: StormFigures[] = []
    const { settings, signal } = this.#context
    for (let storm = 0; storm < settings.churns && !signal.aborted; storm++) storms.push(await this.#storm())
    return storms
  }

  async #storm(): Promise<StormFigures> {
    const began = epochMicroseconds()
    const counters = new ConnectCounters()
    for (const data of await this.#all((worker) => worker.storm())) counters.add(data)
    const { connected, refused, times } = counters.figures
    this.stormTimes.push(counters.times.encoded())
    return { reconnected: connected, failed: refused, seconds: (epochMicroseconds() - began) / 1e6, times }
  }

  async #leave(): Promise<void> {
    for (const { counters, loopDelay, failure } of await this.#all((worker) => worker.leave())) {
      this.counters.add(counters)
      this.loopDelay.add(loopDelay)
      this.failure = mostSevereError(this.failure, failure && errorFrom(failure))
    }
  }

  async #status(): Promise<IdleStatus> {
    const statuses = await this.#all((worker) => worker.status())
    return {
      standing: statuses.reduce((sum, { standing }) => sum + standing, 0),
      returning: statuses.reduce((sum, { returning }) => sum + returning, 0),
      loopDelayMaxMicroseconds: Math.max(...statuses.map((status) => status.loopDelayMaxMicroseconds)),
    }
  }

  async #tick(): Promise<void> {
    const { standing, loopDelayMaxMicroseconds } = await this.#status()
    const second = Math.round((epochMicroseconds() - this.#began) / 1e5) / 10
    const figures: BenchSecond = {
      phase: this.#phase,
      second,
      offered: 0,
      sent: 0,
      acked: 0,
      received: 0,
      outstanding: 0,
      payloadBytes: 0,
      connected: standing,
      cpu: this.#takeCpu(),
      loopDelayMaxMicroseconds,
      ...(await this.watch.second(this.#phase, second, 0)),
    }
    this.seconds.push(figures)
    this.#context.emit({ event: 'second', figures })
  }

  /** CPU time over wall time since the last sample. */
  #takeCpu(): number {
    const [atBefore, cpuBefore] = this.#lastSample
    this.#lastSample = [epochMicroseconds(), this.#cpuMicroseconds]
    const [at, cpu] = this.#lastSample
    return Math.round(((cpu - cpuBefore) / Math.max(1, at - atBefore)) * 1000) / 1000
  }

  #enter(phase: BenchPhase): void {
    this.#phase = phase
    this.#context.emit({ event: 'phase', phase })
  }

  get #cpuMicroseconds(): number {
    return cpuMicrosecondsOf(this.#context.figures())
  }

  #all<Result>(ask: (worker: IdleWorker) => Promise<Result>): Promise<Result[]> {
    return Promise.all(this.#workers.map(ask))
  }
}
