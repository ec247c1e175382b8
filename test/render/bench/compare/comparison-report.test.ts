import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { compareRuns } from '../../../../src/features/bench/compare/compare-runs.ts'
import { distributionOf } from '../../../../src/features/bench/compare/distribution.ts'
import { comparisonReportHtml } from '../../../../src/render/bench/compare/comparison-report.ts'
import { knownRun, timesAround } from '../../../support/bench/known-runs.ts'
import { temporaryFolder } from '../../../support/program/temp-folder.ts'

const executablePath = '/usr/bin/chromium'
const skip = existsSync(executablePath) ? undefined : 'not installed: chromium'
const uplot = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules', 'uplot', 'dist')
const library = {
  script: readFileSync(join(uplot, 'uPlot.iife.min.js'), 'utf8'),
  style: readFileSync(join(uplot, 'uPlot.min.css'), 'utf8'),
}

const side = (microseconds: number) =>
  Array.from({ length: 8 }, (_, index) => ({
    result: knownRun(timesAround(microseconds * (1 + index / 1000))),
    start: String(index),
  }))
const [base, next] = [side(1000), side(1300)]
const hostile = '</script><script>alert(1)</script>'
const view = {
  title: 'bench duet',
  sides: { base: 'mqtt://a', new: hostile },
  comparison: compareRuns(base, next, { isPaired: true, maxRegression: 0.05 }),
  distributions: { base: distributionOf(base), new: distributionOf(next) },
}

describe('the report of a comparison, in a browser', { skip }, () => {
  let browser: Browser
  let page: Page
  const requests: string[] = []
  const errors: string[] = []

  before(async () => {
    const file = join(temporaryFolder(), 'report.html')
    writeFileSync(file, comparisonReportHtml(view, library))
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage()
    page.on('request', (request) => requests.push(request.url()))
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('dialog', (dialog) => dialog.dismiss().then(() => errors.push('a dialog')))
    await page.goto(pathToFileURL(file).href)
    await page.waitForSelector('html[data-drawn=yes]', { timeout: 10_000 })
  })
  after(() => browser?.close())

  test('draws the distribution, and every quantity run by run, without an error', async () => {
    assert.deepEqual(errors, [])
    for (const id of ['distribution', 'round-0', 'round-1', 'round-2', 'round-3'])
      assert.equal(await page.locator(`#${id} canvas`).count(), 1, id)
  })

  test('has both sides in each chart', async () => {
    for (const id of ['distribution', 'round-0']) {
      assert.match((await page.locator(`#${id} .u-legend`).textContent()) ?? '', /base.*new/)
    }
  })

  test('tells what both sides were in the run that one hovers over', async () => {
    await page.locator('#round-0').scrollIntoViewIfNeeded()
    const box = await page.locator('#round-0 .u-over').boundingBox()
    await page.mouse.move((box?.x ?? 0) + 5, (box?.y ?? 0) + 20)

    assert.match(
      (await page.locator('#round-0 .u-legend').textContent()) ?? '',
      /run:?\s*1base:?\s*990 µsnew:?\s*1\.29 ms/,
    )
  })

  test('has each metric with its verdict, and an interval beyond the band', async () => {
    assert.match((await page.locator('#metrics tr').nth(1).textContent()) ?? '', /^p50worse994 µs1\.29 ms\+30\.\d %/)
    assert.equal(await page.locator('#intervals circle.worse').count(), 4)
    const [band, point] = await Promise.all([
      page.locator('#intervals .band').boundingBox(),
      page.locator('#intervals circle').first().boundingBox(),
    ])
    assert.ok((point?.x ?? 0) > (band?.x ?? 0) + (band?.width ?? 0))
    assert.equal(await page.locator('#verdict').textContent(), '✗ worse')
  })

  test('shows words from outside as words, and asks the network for nothing', async () => {
    assert.equal(await page.locator('script').count(), 3)
    assert.ok((await page.locator('.where').textContent())?.includes(hostile))
    assert.deepEqual(
      requests.filter((url) => !url.startsWith('file:')),
      [],
    )
  })

  for (const [way, width, media] of [
    ['a telephone', 390, {}],
    ['dark', 1000, { colorScheme: 'dark' }],
    ['paper', 700, { media: 'print' }],
  ] as const) {
    test(`is no wider than ${way}`, async () => {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ media: 'screen', colorScheme: 'light', ...media })

      assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= width)
    })
  }
})
