import { comparisonFileFlags } from './comparison-files.ts'
import { flagGroup, listFlag, switchFlag, valueFlag } from './flag.ts'

/** The files after `--against`, up to the next flag. */
function countFiles(following: readonly string[]): number {
  const end = following.findIndex((word) => word.startsWith('-') && word !== '-')
  return Math.max(1, end === -1 ? following.length : end)
}

/** What decides, and how. */
export const gateFlags = flagGroup('GATE', {
  'max-regression': valueFlag({
    value: 'percent',
    summary: 'How much worse is no matter, as 5% or 0: 5% by default.',
  }),
  gate: valueFlag({
    value: 'worse|strict',
    summary: 'Exit 9 where a metric is worse (default), or also where one is unclear.',
  }),
  metric: listFlag({
    value: 'name',
    summary: 'Only these decide: throughput, connect.rate, p50, p95, p99, p99.9, lost, duplicate, refused; repeatable.',
  }),
})

export const compareFlags = {
  ...flagGroup('RUNS', {
    against: listFlag(
      { value: 'file…', summary: 'Files of results to be compared: all words up to the next flag.' },
      { countWords: countFiles },
    ),
    across: switchFlag({ summary: 'Compare also where settings, machine or broker differ.' }),
    paired: switchFlag({ summary: 'Each run was made beside the run at the same place of the other side.' }),
  }),
  ...gateFlags,
  ...comparisonFileFlags,
  ...flagGroup('OUTPUT', {
    json: switchFlag({ summary: 'The comparison as one JSON object on stdout; an error is one JSON line on stderr.' }),
    quiet: switchFlag({ summary: 'No notes and no error text; the exit code tells.' }),
    debug: switchFlag({ letter: 'd', summary: 'The stack of an error of ours.' }),
    'no-color': switchFlag({ summary: 'No colours (NO_COLOR does the same).' }),
    help: switchFlag({ summary: 'Show this help.' }),
  }),
}
