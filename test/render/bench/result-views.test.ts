import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import type { BenchResult } from '../../../src/features/bench/events.ts'
import { junitXml } from '../../../src/render/bench/junit.ts'
import { resultMarkdown } from '../../../src/render/bench/markdown.ts'
import { reportHtml } from '../../../src/render/bench/report-html.ts'
import { resultLines } from '../../../src/render/bench/result-lines.ts'
import { secondsCsv } from '../../../src/render/bench/second-csv.ts'
import { createTheme } from '../../../src/render/theme.ts'
import { points, result, seconds } from '../../support/bench/bench-result.ts'

const plain = createTheme(false)
const parserMissing = spawnSync('python3', ['-V']).error === undefined ? undefined : 'not installed: python3'

/** What a broker, or a topic, may say. */
const hostile = [
  '\x1b[31mred\x07\r\n| a | table |',
  '"><script>alert(1)</script>',
  "' onload='alert(2)",
  '[link](javascript:alert(3)) `code` **bold** <img src=x>',
  ']]>&amp;\u202eevil\ud800',
].join(' ')

const attacked: BenchResult = {
  ...result,
  target: `mqtt://${hostile}`,
  connect: { ...result.connect, refused: { [hostile]: 1 }, lost: { [hostile]: 1 } },
  messages: { ...result.messages!, refused: { [hostile]: 1 } },
  verdict: { isValid: false, problems: [hostile], notes: [hostile] },
  disturbances: [
    {
      command: hostile,
      dueSecond: 3,
      beganSecond: 3,
      endedSecond: 4,
      exitCode: null,
      signal: hostile,
      wasKilled: false,
      output: hostile,
      outputBytes: hostile.length,
    },
  ],
  thresholds: [{ threshold: `p99>1ms${hostile}`, measured: 12_300, unit: 'µs', held: false, words: hostile }],
}

/** What python's parser finds: its own words, and not ours, say what the document holds. */
function parsed(xml: string): {
  readonly cases: readonly (readonly [string, string | null])[]
  readonly tests: string
} {
  const script = `
import json, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
cases = [[case.get('name'), None if case.find('failure') is None else case.find('failure').get('message')] for case in root.iter('testcase')]
print(json.dumps({'cases': cases, 'tests': root.get('tests') + ' ' + root.get('failures')}))`
  const { stdout, stderr, status } = spawnSync('python3', ['-c', script], { input: xml, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}

describe('the table', () => {
  const text = resultLines(result, seconds, { theme: plain }).join('\n')
  const rows: ReadonlyArray<readonly [what: string, line: RegExp]> = [
    ['offered, sent and acknowledged', /^messages +10,000 offered, 10,000 sent, 10,000 acked$/m],
    ['what was asked for', /^asked +1,000\/s$/m],
    ['what was achieved', /^sent +1,000\/s$/m],
    ['throughput in messages', /^received +995\/s$/m],
    ['throughput in bytes', /^payload +63\.7 kB\/s$/m],
    ['percentiles', /^times +p50 +p90 +p95 +p99 +p99\.9 +max$/m],
    ['response times', /^response +800 µs +1\.50 ms +1\.80 ms +12\.3 ms +40\.0 ms +50\.0 ms$/m],
    ['service times', /^service +800 µs +1\.50 ms +1\.80 ms +11\.0 ms +40\.0 ms +50\.0 ms$/m],
    ['connect times', /^connect +800 µs +1\.50 ms +1\.80 ms +9\.00 ms +40\.0 ms +50\.0 ms$/m],
    ['loss', /^lost +54$/m],
    ['duplicates', /^duplicate +0$/m],
    ['reordering', /^reordered +0$/m],
    ['refusals by reason', /^refused clients +1 × Quota exceeded \(0x97\)$/m],
    ['the generator’s CPU', /^generator +cpu 10\.0 % of a core/m],
    ['the event loop’s delay', /^event loop delay +800 µs/m],
    ['the course of throughput', /^throughput +█{10} up to 999\/s$/m],
    ['the course of p99', /^p99 +[▁-█]{10} up to 11\.0 ms$/m],
    ['thresholds', /^threshold +FAIL wanted p99 at most 10 ms; 12\.3 ms: failed$/m],
    ['the verdict', /^verdict +valid$/m],
  ]
  for (const [what, line] of rows) test(`has ${what}`, () => assert.match(text, line))

  test('has no bar for the moment that is left of a second', () => {
    const moment = { ...seconds[9]!, second: 10.1, sent: 1, received: 1 }

    assert.match(resultLines(result, [...seconds, moment], { theme: plain }).join('\n'), /^throughput +█{10} up to/m)
  })

  test('keeps within the width of a terminal, and keeps lines whole in a pipe', () => {
    const noted = { ...result, verdict: { ...result.verdict, notes: ['a word and another '.repeat(20).trim()] } }

    const widths = (width?: number) =>
      resultLines(noted, seconds, { theme: plain, ...(width !== undefined && { width }) }).map(({ length }) => length)

    assert.ok(Math.max(...widths(80)) <= 80, `${widths(80)}`)
    assert.ok(Math.max(...widths()) > 300)
  })

  test('shows words from outside without what a terminal obeys', () => {
    const lines = resultLines(attacked, seconds, { theme: plain })

    assert.doesNotMatch(lines.join('|'), /[\x00-\x1f\x7f-\x9f\u202e]/)
  })
})

describe('JUnit', { skip: parserMissing }, () => {
  test('is well-formed: each threshold is a test case, and so is the verdict', () => {
    const thresholds = [
      { threshold: 'p99>10ms', measured: 12_300, unit: 'µs', held: false, words: 'wanted … 12.3 ms: failed' },
      { threshold: 'lost>0.1%', measured: 0.05, unit: '%', held: true, words: 'wanted … 0.05 %: held' },
      { threshold: 'acked<1', measured: null, unit: 'messages', held: false, words: 'wanted … not measured' },
    ]

    assert.deepEqual(parsed(junitXml({ ...result, thresholds })), {
      tests: '4 2',
      cases: [
        ['p99>10ms', 'wanted … 12.3 ms: failed'],
        ['lost>0.1%', null],
        ['acked<1', 'wanted … not measured'],
        ['the result is valid', null],
      ],
    })
  })

  test('stays well-formed whatever a broker says, and says it', () => {
    const { cases } = parsed(junitXml(attacked))

    assert.match(cases[0]?.[0] ?? '', /"><script>alert\(1\)<\/script>/)
    assert.match(cases[1]?.[1] ?? '', /' onload='alert\(2\)/)
  })
})

describe('Markdown', () => {
  test('has the figures, the times, and each threshold with its outcome', () => {
    const text = resultMarkdown(result)

    assert.match(text, /^### mqtt-cli bench pubsub, paced, QoS 1, 1 publisher, 1 subscriber: valid$/m)
    assert.match(text, /^\| lost \| 54 \|$/m)
    assert.match(text, /^\| response \| 800 µs \| 1\.50 ms \| 1\.80 ms \| 12\.3 ms \| 40\.0 ms \| 50\.0 ms \|$/m)
    assert.match(text, /^\| p99&#62;10ms \| ❌ FAIL \| wanted p99 at most 10 ms; 12\.3 ms: failed \|$/m)
  })

  test('takes words from outside as words: no cell ends, no link, no HTML, no emphasis', () => {
    const lines = resultMarkdown(attacked).split('\n')
    const cells = (line: string) => line.replaceAll('\\|', '').split('|').length

    assert.equal(lines.length, resultMarkdown({ ...attacked, target: 'x' }).split('\n').length)
    assert.deepEqual([...new Set(lines.filter((line) => line.includes('alert')).map(cells))].sort(), [1, 4, 5])
    assert.doesNotMatch(lines.join('\n'), /<|(?<!\\)[`[]/)
  })
})

describe('CSV', () => {
  test('has a header, and a line for each second with as many cells', () => {
    const [head = '', ...lines] = secondsCsv(seconds).trimEnd().split('\n')

    assert.equal(lines.length, 10)
    assert.ok(lines.every((line) => line.split(',').length === head.split(',').length))
    assert.match(lines[9] ?? '', /^10,measure,1000,1000,1000,999,64000,2,800,1500,11000,50000,,,0.1,500,12,1800,,$/)
  })

  test('has a mark in one cell of one line, whatever the command', () => {
    const marked = secondsCsv([{ ...seconds[0]!, marks: ['kill "$(cat a,b)"\nsleep 1'] }]).split('\n')

    assert.match(marked[1] ?? '', /,"kill ""\$\(cat a,b\)"" sleep 1"$/)
    assert.equal(marked.length, 3)
  })
})

describe('the page', () => {
  test('holds no markup of others in any place', () => {
    const html = reportHtml({ result: attacked, seconds, points }, { script: '', style: '' })
    const body = html.slice(0, html.indexOf('<script id="run"'))

    assert.doesNotMatch(body, /<script>alert|<img|onload='|\x1b/)
    assert.equal(html.match(/<\/script>/g)?.length, 3)
  })
})
