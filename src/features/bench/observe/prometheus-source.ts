import { epochMicroseconds } from '../../../connection/clock.ts'
import { type ErrorKind, MqttCliError } from '../../../errors.ts'
import { knownMetrics } from './known-metrics.ts'
import type { Gap, ObservedSource, Reading } from './observed-source.ts'
import { samplesIn } from './prometheus-text.ts'

/** An answer may take so long; a second without one is a gap all the same. */
const deadlineMs = 2000
/** The seconds of a run do not wait for longer. */
const patienceMs = 250
const largestAnswerBytes = 16 * 1024 * 1024

/** A Prometheus endpoint, of the broker or of an exporter beside it. */
export class PrometheusSource implements ObservedSource {
  readonly name: string
  readonly #url: string
  readonly #headers: Readonly<Record<string, string>>
  #asking: Promise<Reading | Gap> | undefined

  /** `authorization`: the value of that header. */
  constructor(url: string, authorization: string | undefined) {
    this.#url = url
    this.name = `url:${url}`
    this.#headers = authorization === undefined ? {} : { authorization }
  }

  async open(): Promise<void> {
    const reading = await this.#ask()
    if ('gap' in reading) throw this.#refusal('unreachable', reading.gap)
    const { cpuMicroseconds, memoryBytes, dropped = {} } = reading
    if (cpuMicroseconds !== undefined || memoryBytes !== undefined || Object.keys(dropped).length > 0) return
    throw this.#refusal('usage', 'none of its metrics is one of those that are known')
  }

  /** Whoever is slow is asked once at a time: his answer counts when it comes. */
  async read(): Promise<Reading | Gap> {
    this.#asking ??= this.#ask()
    const answer = await Promise.race([this.#asking, noAnswerYet()])
    if (answer !== undefined) this.#asking = undefined
    return answer ?? { gap: 'no answer' }
  }

  async settle(): Promise<void> {}

  async close(): Promise<void> {}

  async #ask(): Promise<Reading | Gap> {
    try {
      const signal = AbortSignal.timeout(deadlineMs)
      const response = await fetch(this.#url, { headers: this.#headers, signal })
      if (!response.ok) {
        await response.body?.cancel()
        return { gap: `HTTP ${response.status}` }
      }
      return readingFrom(await textOf(response))
    } catch (error) {
      return { gap: reasonOf(error) }
    }
  }

  #refusal(kind: ErrorKind, why: string): MqttCliError {
    return new MqttCliError(kind, `The Prometheus endpoint ${this.#url} cannot be observed: ${why}`, {
      layer: 'Prometheus',
      tries: [`look at what it says: curl ${this.#url}`, 'the metrics that are known stand in docs/bench-observe.md'],
    })
  }
}

function noAnswerYet(): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), patienceMs).unref()
  })
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > largestAnswerBytes) throw new Error('more than 16 MiB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function readingFrom(text: string): Reading {
  const samples = samplesIn(text, (name) => Object.hasOwn(knownMetrics, name))
  let [cpuMicroseconds, memoryBytes]: (number | undefined)[] = []
  const dropped: Record<string, number> = {}
  for (const [name, meaning] of Object.entries(knownMetrics)) {
    const value = samples.get(name)
    if (value === undefined) continue
    if (meaning.is === 'cpu') cpuMicroseconds ??= value * meaning.microseconds
    else if (meaning.is === 'memory') memoryBytes ??= Math.round(value)
    else dropped[name] = value
  }
  return {
    atMicroseconds: epochMicroseconds(),
    ...(cpuMicroseconds !== undefined && { cpuMicroseconds }),
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(Object.keys(dropped).length > 0 && { dropped }),
  }
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException }
  if (name === 'TimeoutError') return `no answer in ${deadlineMs / 1000} s`
  return cause?.code ?? cause?.message ?? message
}
