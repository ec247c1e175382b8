import type { BenchContext } from '../bench-context.ts'
import { runNameOf } from '../bench-context.ts'
import type { ObservedFigures, ObservedSecond } from '../events.ts'
import { beside } from '../naming/beside-client.ts'
import type { Observation } from '../settings.ts'
import type { ObservedSource } from './observed-source.ts'
import { ProcessSource } from './process-source.ts'
import { PrometheusSource } from './prometheus-source.ts'
import { SourceAccount } from './source-account.ts'
import { SysSource } from './sys-source.ts'

interface Observed {
  readonly source: ObservedSource
  readonly account: SourceAccount
}

/** Asks all sources at the end of every second, and keeps what they told. */
export class Observer {
  readonly #observed: readonly Observed[]
  readonly #signal: AbortSignal
  #startMicroseconds = 0

  constructor(context: BenchContext) {
    this.#signal = context.signal
    this.#observed = context.settings.observed.map((observation) => {
      const source = sourceOf(observation, context)
      return { source, account: new SourceAccount(source.name) }
    })
  }

  /** Before a run: one that has nothing to observe would be found out too late. */
  async open(): Promise<void> {
    for (const { source } of this.#observed) await source.open()
  }

  async begin(): Promise<void> {
    await Promise.all(this.#observed.map(async ({ source, account }) => account.begin(await source.read())))
  }

  start(startMicroseconds: number): void {
    this.#startMicroseconds = startMicroseconds
  }

  async second(second: Parameters<SourceAccount['take']>[1]): Promise<readonly ObservedSecond[]> {
    return Promise.all(this.#observed.map(async ({ source, account }) => account.take(await source.read(), second)))
  }

  /** What a broker dropped at last it may tell only later. */
  async finish(): Promise<void> {
    await Promise.all(
      this.#observed.map(async ({ source, account }) => {
        await source.settle(this.#signal)
        account.end(await source.read())
      }),
    )
  }

  async close(): Promise<void> {
    await Promise.all(this.#observed.map(({ source }) => source.close()))
  }

  get figures(): readonly ObservedFigures[] {
    return this.#observed.map(({ account }) => account.figures(this.#startMicroseconds))
  }
}

function sourceOf(observation: Observation, context: BenchContext): ObservedSource {
  if (observation.from === 'pid') return new ProcessSource(observation.pid)
  if (observation.from === 'url') return new PrometheusSource(observation.url, observation.authorization)
  return new SysSource(beside(context.settings, runNameOf(context), 'sys'))
}
