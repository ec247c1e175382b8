import type { ProcessFigures } from '../../connection/clock.ts'
import type { BenchContext } from './bench-context.ts'
import { epochMicroseconds } from './epoch-clock.ts'
import type { BenchPhase, BenchSecond } from './events.ts'
import type { LoadRecords } from './load-records.ts'
import type { LoopDelay } from './loop-delay.ts'

interface Totals {
  readonly offered: number
  readonly sent: number
  readonly acked: number
  readonly received: number
  readonly payloadBytes: number
}

/** Looks at a run once a second, tells what happened in it, and keeps what the generator used while it measured. */
export class SecondMeter {
  readonly seconds: BenchSecond[] = []
  /** While measuring. */
  cpuMicroseconds = 0
  wallMicroseconds = 0
  /** What was sent and what came while measuring, whenever it was due. */
  sent = 0
  received = 0
  payloadBytes = 0
  readonly #context: BenchContext
  readonly #records: LoadRecords
  readonly #loopDelay: LoopDelay
  #timer: NodeJS.Timeout | undefined
  #last: Totals = { offered: 0, sent: 0, acked: 0, received: 0, payloadBytes: 0 }
  #lastFigures: ProcessFigures
  #lastAtMicroseconds = 0
  #phase: BenchPhase = 'connect'

  constructor(context: BenchContext, records: LoadRecords, loopDelay: LoopDelay) {
    this.#context = context
    this.#records = records
    this.#loopDelay = loopDelay
    this.#lastFigures = context.figures()
  }

  start(): void {
    this.#phase = this.#phaseNow
    this.#lastFigures = this.#context.figures()
    this.#lastAtMicroseconds = epochMicroseconds()
    this.#loopDelay.takeMaxMicroseconds()
    this.#loopDelay.measure(this.#phase === 'measure')
    this.#schedule()
  }

  stop(): void {
    if (this.#timer !== undefined) this.look()
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  get #phaseNow(): BenchPhase {
    const { measureMicroseconds, endMicroseconds } = this.#records.phases
    const now = epochMicroseconds()
    if (now >= endMicroseconds) return 'drain'
    return now >= measureMicroseconds ? 'measure' : 'warmup'
  }

  /** At every whole second, and exactly where measuring begins and ends. */
  #schedule(): void {
    const { startMicroseconds, measureMicroseconds, endMicroseconds } = this.#records.phases
    const now = epochMicroseconds()
    const nextSecond = startMicroseconds + (Math.floor((now - startMicroseconds) / 1e6 + 1e-3) + 1) * 1e6
    const next = [measureMicroseconds, endMicroseconds].filter((at) => at > now).concat(nextSecond)
    this.#timer = setTimeout(() => this.look(), Math.max(1, Math.ceil((Math.min(...next) - now) / 1000)))
  }

  look(): void {
    clearTimeout(this.#timer)
    const figures = this.#take()
    if (this.#phase === 'measure') {
      this.sent += figures.sent
      this.received += figures.received
      this.payloadBytes += figures.payloadBytes
    }
    if (figures.offered + figures.sent + figures.received > 0 || this.#phase !== 'drain') {
      this.seconds.push(figures)
      this.#context.tell({ event: 'second', figures })
    }
    const phase = this.#phaseNow
    if (phase !== this.#phase) this.#context.tell({ event: 'phase', phase })
    this.#phase = phase
    this.#loopDelay.measure(phase === 'measure')
    this.#schedule()
  }

  #take(): BenchSecond {
    const now = epochMicroseconds()
    const totals = this.#totals
    const { arrived, connect, phases, published } = this.#records
    const response = arrived.response.endSecond()
    const service = arrived.service.endSecond()
    const acknowledged = published.response.endSecond()
    published.service.endSecond()
    const hasArrivals = response.count > 0
    const figures: BenchSecond = {
      phase: this.#phase,
      second: Math.round((now - phases.startMicroseconds) / 1e5) / 10,
      ...differences(totals, this.#last),
      connected: connect.connected,
      ...(hasArrivals ? { response, service } : acknowledged.count > 0 ? { response: acknowledged } : {}),
      cpu: this.#takeCpu(now),
      loopDelayMaxMicroseconds: Math.round(this.#loopDelay.takeMaxMicroseconds()),
    }
    this.#last = totals
    return figures
  }

  /** CPU time over wall time since the last look. */
  #takeCpu(now: number): number {
    const figures = this.#context.figures()
    const used = figures.cpuUserMicroseconds + figures.cpuSystemMicroseconds
    const before = this.#lastFigures.cpuUserMicroseconds + this.#lastFigures.cpuSystemMicroseconds
    const wall = now - this.#lastAtMicroseconds
    this.#lastFigures = figures
    this.#lastAtMicroseconds = now
    if (this.#phase === 'measure') {
      this.cpuMicroseconds += used - before
      this.wallMicroseconds += wall
    }
    return Math.round(((used - before) / wall) * 1000) / 1000
  }

  get #totals(): Totals {
    const { published, arrived } = this.#records
    const sum = (name: 'offered' | 'sent' | 'acked') => published.warmup[name] + published.measure[name]
    const received = arrived.warmup.received + arrived.measure.received
    const sentBytes = published.warmup.payloadBytes + published.measure.payloadBytes
    const receivedBytes = arrived.warmup.payloadBytes + arrived.measure.payloadBytes
    const payloadBytes = receivedBytes > 0 ? receivedBytes : sentBytes
    return { offered: sum('offered'), sent: sum('sent'), acked: sum('acked'), received, payloadBytes }
  }
}

function differences(now: Totals, before: Totals): Totals {
  return {
    offered: now.offered - before.offered,
    sent: now.sent - before.sent,
    acked: now.acked - before.acked,
    received: now.received - before.received,
    payloadBytes: now.payloadBytes - before.payloadBytes,
  }
}
