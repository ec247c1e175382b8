import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { BenchResult, BenchSecond, DisturbanceFigures } from '../../../src/features/bench/events.ts'
import { reportHtml } from '../../../src/render/bench/report-html.ts'
import { figures, points, result, seconds } from '../../support/bench/bench-result.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const executablePath = '/usr/bin/chromium'
const skip = existsSync(executablePath) ? undefined : 'not installed: chromium'
const uplot = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'uplot', 'dist')
const library = {
  script: readFileSync(join(uplot, 'uPlot.iife.min.js'), 'utf8'),
  style: readFileSync(join(uplot, 'uPlot.min.css'), 'utf8'),
}
const hostile = '<img src=x onerror=alert(1)>'

const killed: DisturbanceFigures = {
  command: `kill -9 7 # ${hostile}`,
  dueSecond: 4,
  beganSecond: 4.01,
  endedSecond: 4.02,
  exitCode: 0,
  signal: null,
  wasKilled: false,
  output: hostile,
  outputBytes: hostile.length,
}
const subscriber = { expected: 100, lost: 0, lateToArrive: 0, p50Microseconds: 800, p99Microseconds: 2000 }
const observed: BenchResult = {
  ...result,
  observed: [
    {
      source: 'pid:7',
      cpu: 0.43,
      cpuMicrosecondsPerMessage: 21.5,
      memoryBytes: { atStart: 8e6, atEnd: 9e6, most: 9.5e6 },
      dropped: {},
      restarts: 0,
      firstSecond: 0,
      lastSecond: 4,
      gaps: [{ fromSecond: 4, toSecond: 10, reason: 'the process has ended' }],
    },
    {
      source: `url:http://b/${hostile}`,
      cpu: null,
      cpuMicrosecondsPerMessage: null,
      memoryBytes: { atStart: null, atEnd: null, most: null },
      dropped: { emqx_delivery_dropped: 40, emqx_messages_dropped: 2 },
      restarts: 1,
      firstSecond: 0,
      lastSecond: 10,
      gaps: [],
    },
  ],
  disturbances: [killed, { ...killed, command: 'never', beganSecond: null, endedSecond: null, exitCode: null }],
  slow: {
    subscribers: 1,
    thinkMilliseconds: 50,
    expected: 100,
    received: 20,
    lost: 80,
    response: figures(9000),
    each: [
      { ...subscriber, subscriber: 2, received: 20, lost: 80, firstLoss: { subscriber: 2, second: 3.1, backlog: 62 } },
    ],
  },
}
const told: BenchSecond[] = seconds.map((second, index) => ({
  ...second,
  ...(index === 3 && { marks: [killed.command] }),
  observed: [
    index < 4
      ? { source: 'pid:7', cpu: 0.4, memoryBytes: 9e6, dropped: null }
      : { source: 'pid:7', cpu: null, memoryBytes: null, dropped: null, gap: 'the process has ended' },
    { source: 'url:http://b', cpu: null, memoryBytes: null, dropped: index % 3 },
  ],
}))

describe('the report of an observed broker, in a browser', { skip }, () => {
  let browser: Browser
  let page: Page
  const errors: string[] = []

  before(async () => {
    const file = join(temporaryFolder(), 'report.html')
    writeFileSync(file, reportHtml({ result: observed, seconds: told, points }, library))
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage()
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('dialog', (dialog) => dialog.dismiss().then(() => errors.push('a dialog')))
    await page.goto(pathToFileURL(file).href)
    await page.waitForSelector('html[data-drawn=yes]', { timeout: 10_000 })
  })

  after(async () => {
    await browser?.close()
  })

  const textOf = async (place: string) => (await page.locator(place).textContent()) ?? ''

  test('draws CPU, memory and drops on the axis of the run, without an error', async () => {
    assert.deepEqual(errors, [])
    for (const id of ['broker-cpu', 'broker-memory', 'broker-dropped']) {
      assert.equal(await page.locator(`#${id} canvas`).count(), 1, id)
    }
    assert.match(await textOf('#broker-cpu .u-legend'), /CPU pid:7/)
    assert.doesNotMatch(await textOf('#broker-cpu .u-legend'), /url:/)
  })

  test('says what each source told, and where it told nothing', async () => {
    assert.match(await textOf('#observed'), /pid:743\.0 %21\.50 µs9\.50 MBnot told4 to 10 s: the process has ended/)
    assert.match(await textOf('#observed'), /not measurednot measurednot measured42none/)
  })

  test('numbers what was done to the broker as the lines in the charts', async () => {
    const before = await page.locator('#throughput canvas').screenshot()
    assert.match(
      await textOf('#disturbances'),
      /^1at 4\.0 s: kill -9 7.*exit 0 after 0\.0 s.*2due at 4\.0 s: never: not run/,
    )

    await page.evaluate('disturbances.length = 0; charts.throughput.redraw()')

    assert.notDeepEqual(
      await page.locator('#throughput canvas').screenshot(),
      before,
      'the line is gone with its command',
    )
  })

  test('says of slow subscribers where the broker began to drop', async () => {
    assert.match(await textOf('#subscribers'), /2slow on purpose20 of 10080.*at 3\.1 s, 62 waiting/)
  })

  test('is as wide as a telephone, and no word of others is part of it', async () => {
    await page.setViewportSize({ width: 390, height: 800 })

    assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= 390)
    assert.equal(await page.locator('img').count(), 0)
  })
})
