import type { BenchResult } from '../../features/bench/events.ts'
import { escapeXml } from './escape-xml.ts'
import { configurationTitle } from './headline.ts'
import { latencyCellsWithError, latencyColumns, latencyRows } from './latency-table.ts'
import { resultRows } from './result-rows.ts'

/** One test case for each threshold, and one for whether the result is valid at all. */
export function junitXml(result: BenchResult): string {
  const { mode, thresholds, verdict, measuredSeconds, startedAt } = result
  const failures = thresholds.filter(({ held }) => !held).length + (verdict.isValid ? 0 : 1)
  const name = `mqtt-cli bench ${mode}`
  const cases = [
    ...thresholds.map((each) => testCase(name, each.threshold, each.held, each.words)),
    testCase(name, 'the result is valid', verdict.isValid, verdict.problems.join('; ')),
  ]
  const counts = `tests="${cases.length}" failures="${failures}"`
  const when = `time="${measuredSeconds.toFixed(3)}" timestamp="${escapeXml(startedAt)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${escapeXml(configurationTitle(result))}" ${counts} ${when}>`,
    ...propertyLines(result),
    ...cases.map((each) => `    ${each}`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

/** The figures of the run, for who compares runs: names as everywhere, times as people read them. */
function propertyLines(result: BenchResult): string[] {
  const times = latencyRows(result).flatMap(([name, figures]) =>
    latencyCellsWithError(figures).map((cell, index) => [`${name} ${latencyColumns[index]}`, cell] as const),
  )
  const lines = [...resultRows(result), ...times.filter(([, cell]) => cell !== '')].map(
    ([name, value]) => `      <property name="${escapeXml(name)}" value="${escapeXml(value)}"/>`,
  )
  return ['    <properties>', ...lines, '    </properties>']
}

/** What was measured is said of those that held too: a person compares runs. */
function testCase(suite: string, name: string, held: boolean, said: string): string {
  const open = `<testcase classname="${suite}" name="${escapeXml(name)}">`
  const outcome = held
    ? said === ''
      ? ''
      : `<system-out>${escapeXml(said)}</system-out>`
    : `<failure message="${escapeXml(said)}"/>`
  return `${open}${outcome}</testcase>`
}
