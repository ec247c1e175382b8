import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { BenchResult, BenchSecond, LatencyFigures } from '../../../src/features/bench/events.ts'
import { reportHtml } from '../../../src/render/bench/report-html.ts'
import { temporaryFolder } from '../../support/temp-folder.ts'

const executablePath = '/usr/bin/chromium'
const skip = existsSync(executablePath) ? undefined : 'not installed: chromium'
const uplot = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'uplot', 'dist')
const library = {
  script: readFileSync(join(uplot, 'uPlot.iife.min.js'), 'utf8'),
  style: readFileSync(join(uplot, 'uPlot.min.css'), 'utf8'),
}

const figures = (p99Microseconds: number): LatencyFigures => ({
  count: 1000,
  meanMicroseconds: 900,
  p50Microseconds: 800,
  p90Microseconds: 1500,
  p99Microseconds,
  p99_9Microseconds: 40_000,
  maxMicroseconds: 50_000,
})

const seconds: BenchSecond[] = Array.from({ length: 10 }, (_, second) => ({
  phase: 'measure',
  second: second + 1,
  offered: 1000,
  sent: 1000,
  acked: 1000,
  received: 990 + second,
  payloadBytes: 64_000,
  connected: 2,
  response: figures(2000 + 1000 * second),
  cpu: 0.1,
  loopDelayMaxMicroseconds: 500,
}))

const result: BenchResult = {
  v: 1,
  type: 'bench-result',
  mode: 'pubsub',
  load: 'paced',
  runId: '01020304',
  startedAt: '2026-01-02T03:04:05.000Z',
  target: 'mqtt://</script><script>alert(1)</script>:1883',
  mqttVersion: 5,
  qos: 1,
  publishers: 1,
  subscribers: 1,
  payloadBytes: [64, 64],
  measuredSeconds: 10,
  connect: {
    attempted: 3,
    connected: 2,
    refused: { 'Quota exceeded (0x97)': 1 },
    lost: {},
    perSecond: 100,
    times: figures(9000),
  },
  messages: { offered: 10_000, sent: 10_000, acked: 10_000, refused: {}, unconfirmed: 0, unsent: 0, late: 0 },
  arrivals: {
    expected: 10_000,
    received: 9946,
    lost: 54,
    duplicate: 0,
    reordered: 0,
    foreign: 0,
    payloadBytes: 636_544,
  },
  rates: { asked: 1000, sent: 1000, received: 994.6, payloadBytes: 63_654 },
  response: figures(12_300),
  service: figures(11_000),
  generator: { cpu: 0.1, cpuMicrosecondsPerMessage: 5, workers: 1, residentBytes: 80_000_000, loopDelay: figures(500) },
  verdict: { isValid: true, problems: [], notes: ['a note for the reader'] },
  thresholds: [{ threshold: 'p99>10ms', measured: 12_300, unit: 'µs', held: false }],
  histograms: {},
}

const folder = temporaryFolder()

const points = {
  response: Array.from({ length: 60 }, (_, index) => ({
    percentile: 100 * (1 - 10 ** (-index / 20)),
    microseconds: 500 + index * 200,
  })),
}

describe('the report, in a browser', { skip }, () => {
  let browser: Browser
  let page: Page
  const requests: string[] = []
  const errors: string[] = []

  before(async () => {
    const file = join(folder, 'report.html')
    writeFileSync(file, reportHtml({ result, seconds, points }, library))
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage()
    page.on('request', (request) => requests.push(request.url()))
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('dialog', (dialog) => dialog.dismiss().then(() => errors.push('a dialog')))
    await page.goto(pathToFileURL(file).href)
    await page.waitForSelector('html[data-drawn=yes]', { timeout: 10_000 })
  })

  after(async () => {
    await browser?.close()
  })

  test('draws its three charts without an error', async () => {
    assert.deepEqual(errors, [])
    for (const id of ['throughput', 'latency', 'distribution']) {
      assert.equal(await page.locator(`#${id} canvas`).count(), 1, id)
    }
  })

  test('shows the figures of the run', async () => {
    assert.match((await page.locator('#figures').textContent()) ?? '', /p99 12\.3 ms/)
    assert.match((await page.locator('#figures').textContent()) ?? '', /9,946 of 10,000/)
    assert.match((await page.locator('#errors').textContent()) ?? '', /Quota exceeded \(0x97\)1/)
    assert.match((await page.locator('#errors').textContent()) ?? '', /messages lost54/)
    assert.match((await page.locator('#thresholds').textContent()) ?? '', /p99>10msFAIL/)
    assert.equal(await page.locator('#verdict').textContent(), 'valid')
  })

  test('tells the values of a point when one hovers over it', async () => {
    const box = await page.locator('#latency .u-over').boundingBox()
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 2, (box?.y ?? 0) + 20)

    assert.match((await page.locator('#latency .u-legend').textContent()) ?? '', /p99:?\s*11\.0 ms/) // the last second: 2 + 9
  })

  test('zooms where one drags', async () => {
    const box = await page.locator('#throughput .u-over').boundingBox()
    const { x = 0, y = 0, width = 0 } = box ?? {}
    const before = await page.locator('#throughput canvas').screenshot()
    await page.mouse.move(x + width / 2, y + 50)
    await page.mouse.down()
    await page.mouse.move(x + width - 5, y + 50, { steps: 5 })
    await page.mouse.up()

    assert.notDeepEqual(await page.locator('#throughput canvas').screenshot(), before)
  })

  test('asks the network for nothing', () => {
    assert.deepEqual(
      requests.filter((url) => !url.startsWith('file:')),
      [],
    )
    assert.equal(requests.length, 1)
  })
})
