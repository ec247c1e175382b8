import { MqttCliError } from '../../../errors.ts'
import type { ConnectFigures, Reasons } from '../events.ts'
import { LatencyRecorder } from './latency-recorder.ts'
import { localFault } from './local-fault.ts'

/** The counters as plain data: what one thread tells another. */
export interface ConnectCountersData {
  readonly attempted: number
  readonly connected: number
  readonly refused: Reasons
  readonly faults: Reasons
  readonly lost: Reasons
  readonly firstAtMicroseconds?: number
  readonly lastAtMicroseconds: number
  readonly reconnected: number
  /** As `LatencyRecorder.encoded` gives it. */
  readonly times: string
  readonly outages: string
}

/** How connecting went, over all clients. */
export class ConnectCounters {
  attempted = 0
  connected = 0
  /** Losses after which a session stood again. */
  reconnected = 0
  readonly times = new LatencyRecorder()
  /** From a loss to the next session. */
  readonly outages = new LatencyRecorder()
  readonly #refused = new Map<string, number>()
  readonly #faults = new Map<string, number>()
  readonly #lost = new Map<string, number>()
  #lostTotal = 0
  #firstAtMicroseconds: number | undefined
  #lastAtMicroseconds = 0

  began(atMicroseconds: number): void {
    this.attempted++
    this.#firstAtMicroseconds ??= atMicroseconds
  }

  succeeded(tookMicroseconds: number, atMicroseconds: number): void {
    this.connected++
    this.times.record(tookMicroseconds)
    this.#lastAtMicroseconds = atMicroseconds
  }

  refuse(error: unknown): void {
    const fault = localFault(error)
    if (fault === undefined) count(this.#refused, reasonOf(error))
    else count(this.#faults, fault)
  }

  recover(outageMicroseconds: number): void {
    this.reconnected++
    this.outages.record(outageMicroseconds)
  }

  /** Connections that stand now. */
  get standing(): number {
    return this.connected - this.#lostTotal + this.reconnected
  }

  get data(): ConnectCountersData {
    const { attempted, connected, reconnected } = this
    const first = this.#firstAtMicroseconds
    return {
      attempted,
      connected,
      reconnected,
      refused: Object.fromEntries(this.#refused),
      faults: Object.fromEntries(this.#faults),
      lost: Object.fromEntries(this.#lost),
      ...(first !== undefined && { firstAtMicroseconds: first }),
      lastAtMicroseconds: this.#lastAtMicroseconds,
      times: this.times.encoded(),
      outages: this.outages.encoded(),
    }
  }

  add(data: ConnectCountersData): void {
    this.attempted += data.attempted
    this.connected += data.connected
    this.reconnected += data.reconnected
    for (const [reason, number] of Object.entries(data.refused)) count(this.#refused, reason, number)
    for (const [code, number] of Object.entries(data.faults)) count(this.#faults, code, number)
    for (const [reason, number] of Object.entries(data.lost)) count(this.#lost, reason, number)
    this.#lostTotal += totalOf(data.lost)
    const first = Math.min(...[this.#firstAtMicroseconds, data.firstAtMicroseconds].filter((at) => at !== undefined))
    if (first !== Number.POSITIVE_INFINITY) this.#firstAtMicroseconds = first
    this.#lastAtMicroseconds = Math.max(this.#lastAtMicroseconds, data.lastAtMicroseconds)
    this.times.add(data.times)
    this.outages.add(data.outages)
  }

  lose(error: unknown): void {
    count(this.#lost, reasonOf(error))
    this.#lostTotal++
  }

  get figures(): ConnectFigures {
    const { attempted, connected, reconnected } = this
    const seconds = (this.#lastAtMicroseconds - (this.#firstAtMicroseconds ?? 0)) / 1e6
    return {
      attempted,
      connected,
      refused: Object.fromEntries(this.#refused),
      faults: Object.fromEntries(this.#faults),
      lost: Object.fromEntries(this.#lost),
      reconnected,
      ...(reconnected > 0 && { outages: this.outages.figures }),
      perSecond: connected === 0 || seconds <= 0 ? null : connected / seconds,
      times: this.times.figures,
    }
  }
}

export function totalOf(reasons: Reasons): number {
  return Object.values(reasons).reduce((sum, each) => sum + each, 0)
}

function count(reasons: Map<string, number>, reason: string, number = 1): void {
  reasons.set(reason, (reasons.get(reason) ?? 0) + number)
}

/** Few words, the same for each client that the same thing happened to. */
function reasonOf(error: unknown): string {
  if (!(error instanceof MqttCliError)) return String((error as NodeJS.ErrnoException).code ?? error)
  const { reasonName, reasonCode, facts, layer } = error.details
  if (reasonName !== undefined) {
    const code = reasonCode === undefined ? '' : ` (0x${reasonCode.toString(16).padStart(2, '0')})`
    return `${reasonName}${code}`
  }
  const code = facts?.code
  return typeof code === 'string' ? code : `${error.kind}${layer === undefined ? '' : `: ${layer}`}`
}
