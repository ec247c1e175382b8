import { cpuMicrosecondsOf, epochMicroseconds } from '../../connection/clock.ts'
import type { MqttCliError } from '../../errors.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import type { BenchContext } from './bench-context.ts'
import { ConnectTally } from './clients/connect-tally.ts'
import type { BenchPhase, BenchSecond, IdleFigures, StormFigures } from './events.ts'
import { LatencyRecorder } from './figures/latency-recorder.ts'
import { mostSevereError } from './most-severe-error.ts'
import { errorFrom } from './workers/error-data.ts'
import type { IdlePulse, IdleShare } from './workers/idle-worker.ts'

const lookMs = 20
const tickMs = 1000
/** Below this the noise of the process is larger than its connections. */
const fewestToMeasure = 100

/** Connections that connect, ping and stay, over all threads: how fast, how many, at what cost, and how they come back. */
export class ConnRun {
  /** Of all shares together, once `run` has returned. */
  readonly tally = new ConnectTally()
  readonly loopDelay = new LatencyRecorder()
  readonly seconds: BenchSecond[] = []
  version: ProtocolVersion = 5
  failure: MqttCliError | undefined
  idle: IdleFigures | undefined
  cpuMicroseconds = 0
  wallMicroseconds = 0
  readonly #context: BenchContext
  readonly #shares: readonly IdleShare[]
  readonly #began = epochMicroseconds()
  #phase: BenchPhase = 'connect'
  /** When, and the CPU used until then. */
  #lastLook: readonly [atMicroseconds: number, cpuMicroseconds: number] = [this.#began, 0]
  #heldMicroseconds = 0

  constructor(context: BenchContext, shares: readonly IdleShare[]) {
    this.#context = context
    this.#shares = shares
  }

  get workers(): number {
    return this.#shares.length
  }

  async run(): Promise<void> {
    const { signal } = this.#context
    const cpuBefore = this.#cpuMicroseconds
    this.#lastLook = [this.#began, cpuBefore]
    const stop = () => void this.#all((share) => share.stop())
    signal.addEventListener('abort', stop, { once: true })
    const ticks = setInterval(() => void this.#tick(), tickMs)
    try {
      await this.#connectAndStay()
      this.cpuMicroseconds = this.#cpuMicroseconds - cpuBefore
      this.wallMicroseconds = epochMicroseconds() - this.#began
      clearInterval(ticks)
      await this.#leave()
    } finally {
      clearInterval(ticks)
      signal.removeEventListener('abort', stop)
      await this.#all((share) => share.close())
    }
  }

  async #connectAndStay(): Promise<void> {
    const { settings, figures, signal } = this.#context
    this.#enter('connect')
    const [first] = this.#shares
    this.version = await first!.connectFirst()
    const { residentBytes } = figures()
    if (!signal.aborted) await this.#all((share) => share.connectRest(this.version))
    this.#enter('measure')
    const residentBytesEach = await this.#residentEach(residentBytes)
    await this.#hold()
    const storms = await this.#storms()
    const { standing } = await this.#pulse()
    this.idle = {
      connections: settings.connections,
      held: standing,
      heldSeconds: this.#heldMicroseconds / 1e6,
      ...(residentBytesEach !== undefined && { residentBytesEach }),
      storms,
    }
  }

  async #residentEach(residentBytes: number): Promise<number | undefined> {
    const others = (await this.#pulse()).standing - 1
    if (others < fewestToMeasure) return undefined
    return Math.max(0, Math.round((this.#context.figures().residentBytes - residentBytes) / others))
  }

  /** For the asked time, or until the user stops or nobody is left. */
  async #hold(): Promise<void> {
    const { settings, signal } = this.#context
    const began = epochMicroseconds()
    const milliseconds = settings.end.by === 'duration' ? settings.end.milliseconds : 0
    while (!signal.aborted && epochMicroseconds() - began < milliseconds * 1000) {
      const { standing, returning } = await this.#pulse()
      if (standing + returning === 0) break
      await new Promise((resolve) => setTimeout(resolve, lookMs))
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
    const tally = new ConnectTally()
    for (const part of await this.#all((share) => share.storm())) tally.add(part)
    const { connected, refused, times } = tally.figures
    return { reconnected: connected, failed: refused, seconds: (epochMicroseconds() - began) / 1e6, times }
  }

  async #leave(): Promise<void> {
    for (const { tally, loopDelay, failure } of await this.#all((share) => share.leave())) {
      this.tally.add(tally)
      this.loopDelay.add(loopDelay)
      this.failure = mostSevereError(this.failure, failure && errorFrom(failure))
    }
  }

  async #pulse(): Promise<IdlePulse> {
    const pulses = await this.#all((share) => share.pulse())
    return {
      standing: pulses.reduce((sum, { standing }) => sum + standing, 0),
      returning: pulses.reduce((sum, { returning }) => sum + returning, 0),
      loopDelayMaxMicroseconds: Math.max(...pulses.map((pulse) => pulse.loopDelayMaxMicroseconds)),
    }
  }

  async #tick(): Promise<void> {
    const { standing, loopDelayMaxMicroseconds } = await this.#pulse()
    const figures: BenchSecond = {
      phase: this.#phase,
      second: Math.round((epochMicroseconds() - this.#began) / 1e5) / 10,
      offered: 0,
      sent: 0,
      acked: 0,
      received: 0,
      outstanding: 0,
      payloadBytes: 0,
      connected: standing,
      cpu: this.#takeCpu(),
      loopDelayMaxMicroseconds,
    }
    this.seconds.push(figures)
    this.#context.tell({ event: 'second', figures })
  }

  /** CPU time over wall time since the last look. */
  #takeCpu(): number {
    const [atBefore, cpuBefore] = this.#lastLook
    this.#lastLook = [epochMicroseconds(), this.#cpuMicroseconds]
    const [at, cpu] = this.#lastLook
    return Math.round(((cpu - cpuBefore) / Math.max(1, at - atBefore)) * 1000) / 1000
  }

  #enter(phase: BenchPhase): void {
    this.#phase = phase
    this.#context.tell({ event: 'phase', phase })
  }

  get #cpuMicroseconds(): number {
    return cpuMicrosecondsOf(this.#context.figures())
  }

  #all<Result>(ask: (share: IdleShare) => Promise<Result>): Promise<Result[]> {
    return Promise.all(this.#shares.map(ask))
  }
}
