import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CeilingResult, CurvePoint } from '../../../../src/features/bench/ceiling/events.ts'
import { ceilingLines } from '../../../../src/render/bench/ceiling/ceiling-lines.ts'
import { ceilingReportHtml } from '../../../../src/render/bench/ceiling/ceiling-report.ts'
import { createTheme } from '../../../../src/render/theme.ts'
import { result as window } from '../../../support/bench/bench-result.ts'

const point = (ratePerSecond: number, changes: Partial<CurvePoint> = {}): CurvePoint => ({
  kind: 'probe',
  ratePerSecond,
  measuredSeconds: 5,
  p50Microseconds: 1000,
  p99Microseconds: 20_000,
  lost: 0,
  outcome: 'held',
  reasons: [],
  ...changes,
})

const ceiling: CeilingResult = {
  v: 1,
  type: 'bench-max',
  mode: 'pubsub',
  axis: 'rate',
  startedAt: '2026-01-02T03:04:05.000Z',
  target: 'mqtt://localhost:1883',
  demands: ['p99<20ms', 'lost=0'],
  confirmedRatePerSecond: 1500,
  confirmed: window,
  end: 'found',
  isMonotonic: true,
  stoppedEarly: false,
  curve: [
    point(1000),
    point(2000, { outcome: 'failed', lost: 12, reasons: ['wanted lost exactly 0 messages; <12>: failed'] }),
    point(1500, { kind: 'confirm', measuredSeconds: 30 }),
    point(1500, { kind: 'hold', measuredSeconds: 30 }),
    point(1500, { p50Microseconds: null, p99Microseconds: null, lost: null, outcome: 'unusable' }),
  ],
  verdict: { isValid: true, problems: [], notes: ['a note'] },
}

const layout = { theme: createTheme(false) }

describe('what bench max found, as text', () => {
  test('says what was demanded, what was confirmed, and for how long it held', () => {
    const text = ceilingLines(ceiling, layout).join('\n')

    assert.match(text, /^demanded +p99<20ms, lost=0$/m)
    assert.match(text, /^confirmed +1,500\/s, held for 30\.0 s and once more$/m)
    assert.match(text, /^note +a note$/m)
  })

  test('has every window by what it asked, the longest of an amount last, and no figure where none was measured', () => {
    const rows = ceilingLines(ceiling, layout).filter((line) => /^(probe|hold|confirm) /.test(line))

    assert.deepEqual(
      rows.map((row) => row.replace(/[ █▏▎▍▌▋▊▉]+/g, ' ').trim()),
      [
        'probe 1,000/s 1.00 ms 20.0 ms 0 held',
        'probe 1,500/s – – – unusable',
        'hold 1,500/s 1.00 ms 20.0 ms 0 held',
        'confirm 1,500/s 1.00 ms 20.0 ms 0 held',
        'probe 2,000/s 1.00 ms 20.0 ms 12 failed',
      ],
    )
  })

  test('says that nothing was confirmed where nothing was', () => {
    const { confirmed: _, ...nothing } = ceiling

    const text = ceilingLines({ ...nothing, confirmedRatePerSecond: null }, layout).join('\n')

    assert.match(text, /^confirmed +nothing$/m)
  })
})

test('the report of bench max keeps words from outside words', () => {
  const page = ceilingReportHtml({ result: ceiling }, { script: '', style: '' })

  assert.match(page, /exactly 0 messages; &lt;12&gt;: failed/)
  assert.ok(!page.includes('<script>alert(1)'))
})
