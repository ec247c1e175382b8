import { cpuMicrosecondsOf, epochMicroseconds } from '../../../connection/clock.ts'
import type { BenchContext } from '../bench-context.ts'
import type { LoadCounters } from '../clients/load-counters.ts'
import { figuresOfSecond } from '../counters/second-figures.ts'
import type { BenchPhase, BenchSecond, OutstandingFigures } from '../events.ts'
import type { RunWatch } from '../observe/run-watch.ts'
import type { Flight } from '../pace/flight.ts'
import type { PhaseClock } from '../pace/phase-clock.ts'
import type { LoadWorker, WorkerSample } from '../workers/load-worker.ts'

type Flow = Pick<BenchSecond, 'offered' | 'sent' | 'acked' | 'received' | 'outstanding' | 'payloadBytes' | 'connected'>

/** Looks at all threads of a run once a second, tells what happened, and keeps what the generator used while it measured. */
export class SecondMeter {
  readonly seconds: BenchSecond[] = []
  /** While measuring; CPU is the whole process's. */
  cpuMicroseconds = 0
  wallMicroseconds = 0
  /** Of that, what lies before the end: a sample that comes late must not make the rate look lower. */
  measuredMicroseconds = 0
  /** Of each thread, while measuring. */
  readonly workerCpuMicroseconds: number[]
  /** What was sent and what came while measuring, whenever it was due. */
  sent = 0
  received = 0
  /** Of what came, messages that were due in the warm-up. */
  receivedOfWarmup = 0
  acked = 0
  /** At QoS 0, where nobody of ours subscribes: messages that the broker has read. */
  read = 0
  outstanding: OutstandingFigures = { most: 0, atEnd: 0 }
  payloadBytes = 0
  readonly #context: BenchContext
  readonly #phases: PhaseClock
  readonly #flight: Flight
  readonly #workers: readonly LoadWorker[]
  readonly #watch: RunWatch
  #timer: NodeJS.Timeout | undefined
  #sampling: Promise<void> = Promise.resolve()
  #isStopped = false
  #lastCpuMicroseconds = 0
  #lastAtMicroseconds = 0
  #phase: BenchPhase = 'connect'
  #lastSettled = 0

  constructor(
    context: BenchContext,
    { phases, flight }: LoadCounters,
    workers: readonly LoadWorker[],
    watch: RunWatch,
  ) {
    this.#context = context
    this.#phases = phases
    this.#flight = flight
    this.#workers = workers
    this.#watch = watch
    this.workerCpuMicroseconds = workers.map(() => 0)
  }

  start(): void {
    this.#phase = this.#phaseNow
    this.#lastCpuMicroseconds = cpuMicrosecondsOf(this.#context.figures())
    this.#lastAtMicroseconds = epochMicroseconds()
    this.#schedule()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    if (this.#phase !== 'connect') await this.sample()
  }

  /** The last so many microseconds, in which nothing moved any more; the run may have ended before measuring began. */
  forget(microseconds: number): void {
    this.measuredMicroseconds = Math.max(0, this.measuredMicroseconds - microseconds)
    this.wallMicroseconds = Math.max(0, this.wallMicroseconds - microseconds)
  }

  /** One sample at a time: two would share a second between them. */
  sample(): Promise<void> {
    clearTimeout(this.#timer)
    this.#sampling = this.#sampling.then(() => this.#sample())
    return this.#sampling
  }

  get #phaseNow(): BenchPhase {
    const { startMicroseconds, measureMicroseconds, endMicroseconds } = this.#phases
    const now = epochMicroseconds()
    if (now >= endMicroseconds) return 'drain'
    return Math.max(now, startMicroseconds) >= measureMicroseconds ? 'measure' : 'warmup'
  }

  /** At every whole second, and exactly where measuring begins and ends. */
  #schedule(): void {
    if (this.#isStopped) return
    const { startMicroseconds, measureMicroseconds, endMicroseconds } = this.#phases
    const now = epochMicroseconds()
    const second = Math.max(1, Math.floor((now - startMicroseconds) / 1e6 + 1e-3) + 1)
    const next = [measureMicroseconds, endMicroseconds].filter((at) => at > now)
    // A phase that began while the workers answered is looked at at once: a second of the wrong one would be in its figures.
    const waitMs =
      this.#phaseNow === this.#phase ? (Math.min(...next, startMicroseconds + second * 1e6) - now) / 1000 : 0
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.sample(), Math.max(1, Math.ceil(waitMs)))
  }

  async #sample(): Promise<void> {
    const phase = this.#phaseNow
    const parts = await Promise.all(this.#workers.map((worker) => worker.sample(phase)))
    const flow = this.#flowOf(parts)
    const cpu = this.#takeCpu(parts)
    if (this.#phase === 'measure') {
      this.sent += flow.sent
      this.received += flow.received
      this.payloadBytes += flow.payloadBytes
      this.#takeMeasured(parts, flow)
    }
    this.#lastSettled = this.#flight.settledInAll
    const second = Math.round((epochMicroseconds() - this.#phases.startMicroseconds) / 1e5) / 10
    const beside = await this.#watch.second(this.#phase, second, flow.sent + flow.received)
    const isMoving = flow.offered + flow.sent + flow.received > 0
    if (isMoving || this.#phase !== 'drain') this.#emit(second, parts, flow, cpu, beside)
    if (phase !== this.#phase) this.#context.emit({ event: 'phase', phase })
    this.#phase = phase
    this.#schedule()
  }

  #takeMeasured(parts: readonly WorkerSample[], { acked, outstanding }: Flow): void {
    for (const { receivedOfWarmup } of parts) this.receivedOfWarmup += receivedOfWarmup
    this.acked += acked
    this.read += (this.#flight.settledInAll - this.#lastSettled) | 0
    this.outstanding = { most: Math.max(this.outstanding.most, outstanding), atEnd: outstanding }
  }

  /** Acknowledgements are what is awaited where nothing else comes back. */
  #outstanding(unacknowledged: number): number {
    const { subscribers, qos } = this.#context.settings
    return subscribers === 0 && qos > 0 ? unacknowledged : this.#flight.outstanding
  }

  #flowOf(parts: readonly WorkerSample[]): Flow {
    const sum = (of: (part: WorkerSample) => number) => parts.reduce((total, part) => total + of(part), 0)
    const isReceiving = this.#context.settings.subscribers > 0
    return {
      offered: sum(({ offered }) => offered),
      sent: sum(({ sent }) => sent),
      acked: sum(({ acked }) => acked),
      received: sum(({ received }) => received),
      outstanding: this.#outstanding(sum(({ unacknowledged }) => unacknowledged)),
      payloadBytes: sum((part) => (isReceiving ? part.receivedPayloadBytes : part.sentPayloadBytes)),
      connected: sum(({ connected }) => connected),
    }
  }

  #emit(second: number, parts: readonly WorkerSample[], flow: Flow, cpu: number, beside: Partial<BenchSecond>): void {
    const response = figuresOfSecond(parts.map((part) => part.response))
    const service = figuresOfSecond(parts.map((part) => part.service))
    const acknowledged = figuresOfSecond(parts.map((part) => part.acknowledged))
    const figures: BenchSecond = {
      phase: this.#phase,
      second,
      ...flow,
      ...(response.count > 0 ? { response, service } : acknowledged.count > 0 ? { response: acknowledged } : {}),
      cpu,
      loopDelayMaxMicroseconds: Math.max(...parts.map((part) => part.loopDelayMaxMicroseconds)),
      ...beside,
    }
    this.seconds.push(figures)
    this.#context.emit({ event: 'second', figures })
  }

  /** CPU time over wall time since the last sample. */
  #takeCpu(parts: readonly WorkerSample[]): number {
    const now = epochMicroseconds()
    const cpu = cpuMicrosecondsOf(this.#context.figures())
    const used = cpu - this.#lastCpuMicroseconds
    const wall = now - this.#lastAtMicroseconds
    const measured = Math.min(now, this.#phases.endMicroseconds) - this.#lastAtMicroseconds
    this.#lastCpuMicroseconds = cpu
    this.#lastAtMicroseconds = now
    if (this.#phase === 'measure') {
      this.cpuMicroseconds += used
      this.wallMicroseconds += wall
      this.measuredMicroseconds += Math.max(0, measured)
      for (const [index, { cpuMicroseconds }] of parts.entries()) this.workerCpuMicroseconds[index]! += cpuMicroseconds
    }
    return Math.round((used / wall) * 1000) / 1000
  }
}
