import { MqttCliError } from '../../../errors.ts'
import type { BenchResult } from '../events.ts'
import { histogramOf } from './histogram-of.ts'

/** More than a thousand results of a thousand publishers have, and less than the longest text there is. */
const mostBytes = 256 * 1024 * 1024

/** The results in a file without what was counted of each publisher: it can be most of them, and nobody compares it. */
export function resultsOf(bytes: Uint8Array, name: string): readonly BenchResult[] {
  return readResults(bytes, name).map(({ perPublisher: _, ...result }) => result)
}

/** The results in a file: one, several of them one a line, or a list. `name` is how errors call it. */
export function readResults(bytes: Uint8Array, name: string): readonly BenchResult[] {
  if (bytes.length > mostBytes) throw unusable(name, `it has more than ${mostBytes / 1024 / 1024} MiB`)
  const values = parsed(
    Buffer.from(bytes)
      .toString()
      .replace(/^\ufeff/, ''),
    name,
  )
  if (values.length === 0) throw unusable(name, 'it is empty')
  return values.map(({ value, line }) => {
    if (isResult(value)) return value
    throw unusable(line === undefined ? name : `${name}, line ${line}`, 'it holds no result of a load')
  })
}

interface ParsedValue {
  readonly value: unknown
  /** Undefined where the whole file is one value. */
  readonly line?: number
}

/** A value over several lines is what a tool made of it that indents. */
function parsed(text: string, name: string): readonly ParsedValue[] {
  const whole = jsonOf(text)
  if (whole !== undefined) return [whole.value].flat().map((value) => ({ value }))
  return text.split('\n').flatMap((each, index) => {
    if (each.trim() === '') return []
    const found = jsonOf(each)
    if (found !== undefined) return [{ value: found.value, line: index + 1 }]
    throw unusable(`${name}, line ${index + 1}`, 'it is no JSON')
  })
}

function jsonOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** Enough of its shape that nothing which reads it stumbles: a file is what anybody made of it. */
export function isResult(value: unknown): value is BenchResult {
  if (!isObject(value) || value.type !== 'bench-result' || value.v !== 1) return false
  const { connect, rates, verdict, histograms, messages, arrivals, fingerprint, ruler } = value
  return (
    isObject(connect) &&
    isObject(connect.refused) &&
    isObject(rates) &&
    isObject(verdict) &&
    Array.isArray(verdict.problems) &&
    isObject(histograms) &&
    isDistribution(histograms) &&
    (messages === undefined || (isObject(messages) && isObject(messages.refused))) &&
    (arrivals === undefined || isObject(arrivals)) &&
    (fingerprint === undefined || isFingerprint(fingerprint)) &&
    (ruler === undefined || isObject(ruler))
  )
}

function isFingerprint(value: unknown): boolean {
  return isObject(value) && [value.settings, value.machine, value.broker].every(isObject)
}

function isDistribution(histograms: BenchResult['histograms']): boolean {
  try {
    histogramOf(histograms)
    return true
  } catch {
    return false
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function unusable(what: string, why: string): MqttCliError {
  return new MqttCliError('local-io', `Cannot read results from ${what}: ${why}`, {
    layer: 'file',
    tries: ['give files of results as JSON, one result or one a line'],
  })
}
