import { median } from 'simple-statistics'
import { mostRulerDrift } from '../fingerprint.ts'
import type { Comparison, DecodedRun } from './comparison.ts'
import { comparedMetrics } from './metrics.ts'

type Found = Pick<Comparison, 'isPaired' | 'rounds' | 'isIndicative' | 'metrics'>

/** The least that a signed-rank test can say of so many pairs is 2 in 2^n, and Holm's correction takes it for each metric. */
const significant = 0.05

/** What to know when reading a comparison. */
export function comparisonNotes(
  base: readonly DecodedRun[],
  next: readonly DecodedRun[],
  found: Found,
): readonly string[] {
  return [
    ...indicative(found),
    ...tooFewPairs(found),
    ...goTogether(found),
    ...notMeasured(base, next, found),
    ...notValid('base', base),
    ...notValid('new', next),
    ...oneStart('base', base),
    ...oneStart('new', next),
    ...tainted('base', base),
    ...tainted('new', next),
    ...rulers(base, next),
  ]
}

function indicative({ isIndicative, rounds }: Found): readonly string[] {
  if (!isIndicative) return []
  const why =
    rounds.base === 1 && rounds.new === 1
      ? 'one run against one cannot tell a change from chance'
      : 'under six runs of each cannot tell a change from chance'
  return [`indicative only: ${why}, and nothing of it decides the exit code`]
}

function tooFewPairs({ isPaired, isIndicative, metrics }: Found): readonly string[] {
  if (!isPaired || isIndicative) return []
  const gated = metrics.filter(({ kind, gates }) => kind === 'quantity' && gates)
  const pairs = Math.min(...gated.map(({ newValues }) => newValues.length))
  if (gated.length === 0 || (2 / 2 ** pairs) * gated.length <= significant) return []
  const needed = Math.ceil(Math.log2((2 * gated.length) / significant))
  return [`${pairs} pairs are too few to find a change in any of ${gated.length} metrics: ${needed} can`]
}

/** A machine that drifts: what is said of one side after the other may be the drift. */
function goTogether({ metrics }: Found): readonly string[] {
  const together = metrics.filter((metric) => metric.kind === 'quantity' && metric.correlation > 0)
  if (together.length === 0) return []
  const names = together.map(({ metric }) => metric).join(', ')
  return [
    `runs go with the one before (${names}), as on a machine that drifts: intervals are wider for it; make rounds in turns`,
  ]
}

function notMeasured(base: readonly DecodedRun[], next: readonly DecodedRun[], { metrics }: Found) {
  return comparedMetrics.flatMap(({ name, of }) => {
    const missing = (runs: readonly DecodedRun[]) => runs.filter((run) => of(run) === undefined).length
    const [inBase, inNew] = [missing(base), missing(next)]
    if (inBase + inNew === 0 || (inBase === base.length && inNew === next.length)) return []
    const left = metrics.some(({ metric }) => metric === name) ? '' : ', and is not compared'
    return [`${name} was not measured in ${inBase} base and ${inNew} new runs${left}`]
  })
}

function notValid(side: string, runs: readonly DecodedRun[]): readonly string[] {
  const invalid = runs.filter(({ result }) => !result.verdict.isValid)
  const [first] = invalid
  if (first === undefined) return []
  const [problem = 'no reason given'] = first.result.verdict.problems
  return [
    `${invalid.length} of ${runs.length} ${side} runs are not valid by their own verdict, the first because: ${problem}`,
  ]
}

/** What differs between two starts of the same broker then looks like a change. */
function oneStart(side: string, runs: readonly DecodedRun[]): readonly string[] {
  const starts = new Set(runs.map(({ start }) => start)).size
  if (runs.length < 2 || starts > 1) return []
  return [`all ${side} runs are of one start of the broker: what differs from start to start would look like a change`]
}

function tainted(side: string, runs: readonly DecodedRun[]): readonly string[] {
  const drifted = runs.filter(({ result }) => (result.ruler?.drift ?? 0) > mostRulerDrift).length
  if (drifted === 0) return []
  const bound = `${mostRulerDrift * 100} %`
  return [`${drifted} of ${runs.length} ${side} runs are tainted: this machine changed by more than ${bound} meanwhile`]
}

/** Whether the machine was the same on both sides, by what it did against a sink of its own. */
function rulers(base: readonly DecodedRun[], next: readonly DecodedRun[]): readonly string[] {
  const [before, after] = [base, next].map((runs) =>
    runs.flatMap(({ result: { ruler } }) => (ruler === undefined ? [] : [(ruler.before + ruler.after) / 2])),
  )
  if (before === undefined || after === undefined || before.length === 0 || after.length === 0) return []
  const change = median(after) / median(before) - 1
  if (Math.abs(change) <= mostRulerDrift) return []
  const how = change < 0 ? 'slower' : 'faster'
  return [`the machine was ${(Math.abs(change) * 100).toFixed(1)} % ${how} in the new runs, by its own ruler`]
}
