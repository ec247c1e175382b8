import type { BenchResult, ThresholdResult } from '../../features/bench/events.ts'

/** One test case for each threshold, and one for whether the result is valid at all. */
export function junitXml({ mode, thresholds, verdict, measuredSeconds, startedAt }: BenchResult): string {
  const failures = thresholds.filter(({ held }) => !held).length + (verdict.isValid ? 0 : 1)
  const name = `mqtt-cli bench ${mode}`
  const cases = [
    ...thresholds.map((each) => testCase(name, each.threshold, each.held ? undefined : measuredText(each))),
    testCase(name, 'the result is valid', verdict.isValid ? undefined : verdict.problems.join('; ')),
  ]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}">`,
    `  <testsuite name="${name}" tests="${cases.length}" failures="${failures}" time="${measuredSeconds.toFixed(3)}" timestamp="${startedAt}">`,
    ...cases.map((each) => `    ${each}`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function measuredText({ measured, unit }: ThresholdResult): string {
  return Number.isNaN(measured) ? unit : `measured ${Math.round(measured * 1000) / 1000} ${unit}`
}

function testCase(suite: string, name: string, failure: string | undefined): string {
  const attributes = `classname="${suite}" name="${escapeXml(name)}"`
  if (failure === undefined) return `<testcase ${attributes}/>`
  return `<testcase ${attributes}><failure message="${escapeXml(failure)}"/></testcase>`
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => entities[character] ?? '')
}
