import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { reportHtml } from '../../../src/render/bench/report-html.ts'
import { points, result, seconds } from '../../support/bench/bench-result.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const executablePath = '/usr/bin/chromium'
const skip = existsSync(executablePath) ? undefined : 'not installed: chromium'
const uplot = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'uplot', 'dist')
const library = {
  script: readFileSync(join(uplot, 'uPlot.iife.min.js'), 'utf8'),
  style: readFileSync(join(uplot, 'uPlot.min.css'), 'utf8'),
}

const folder = temporaryFolder()

/** As WCAG has it; 7 is its enhanced demand. */
function contrastOf(...colours: readonly string[]): number {
  const [dark = 0, light = 0] = colours.map(lightOf).sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function lightOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((each) => (Number(each) / 255) ** 2.2)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
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
    assert.match(
      (await page.locator('#times tr').nth(1).textContent()) ?? '',
      /^response800 µs1\.50 ms1\.80 ms12\.3 ms40\.0 ms50\.0 ms$/,
    )
    assert.match((await page.locator('#figures').textContent()) ?? '', /9,946 of 10,000/)
    assert.match((await page.locator('#errors').textContent()) ?? '', /Quota exceeded \(0x97\)1/)
    assert.match((await page.locator('#errors').textContent()) ?? '', /messages lost54/)
    assert.match(
      (await page.locator('#thresholds').textContent()) ?? '',
      /FAILp99>10mswanted p99 at most 10 ms; 12\.3 ms: failed/,
    )
    assert.match(
      (await page.locator('#configuration').textContent()) ?? '',
      /rate1,000\/s.*payload64 bytes.*MQTT version5/,
    )
    assert.equal(await page.locator('#verdict').textContent(), '✓ valid')
    assert.match((await page.locator('header').textContent()) ?? '', /1 of 1 thresholds failed.*a note for the reader/s)
  })

  test('tells the values of a point when one hovers over it', async () => {
    await page.locator('#latency').scrollIntoViewIfNeeded()
    const box = await page.locator('#latency .u-over').boundingBox()
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 2, (box?.y ?? 0) + 20)

    assert.match((await page.locator('#latency .u-legend').textContent()) ?? '', /p99:?\s*11\.0 ms/) // the last second: 2 + 9
  })

  test('shows words from outside as words: nothing of a broker’s becomes part of the page', async () => {
    assert.equal(await page.locator('script').count(), 3)
    assert.equal(await page.locator('img, a, iframe').count(), 0)
    assert.match((await page.locator('#configuration').textContent()) ?? '', /<\/script><script>alert\(1\)<\/script>/)
    assert.match((await page.locator('#errors').textContent()) ?? '', /<img src=x onerror=alert\(2\)>/)
  })

  test('draws the latency over time on a logarithmic axis when asked to', async () => {
    const before = await page.locator('#latency canvas').screenshot()
    await page.click('#logarithmic')
    const after = await page.locator('#latency canvas').screenshot()
    await page.click('#logarithmic')

    assert.notDeepEqual(after, before)
  })

  const ways = [
    ['a telephone', { viewport: { width: 390, height: 800 } }, {}],
    ['dark', { viewport: { width: 1000, height: 800 } }, { colorScheme: 'dark' }],
    ['paper', { viewport: { width: 700, height: 900 } }, { media: 'print', colorScheme: 'dark' }],
  ] as const
  for (const [way, { viewport }, media] of ways) {
    test(`is as wide as ${way}, with text that one can read`, async () => {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ media: 'screen', colorScheme: 'light', ...media })

      const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
      const [ink = '', paper = ''] = await page.evaluate<string[]>(
        '[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]',
      )
      await page.emulateMedia({ media: 'screen', colorScheme: 'light' })

      assert.ok(wide <= viewport.width, `${wide} of ${viewport.width}`)
      assert.ok(contrastOf(ink, paper) > 7, `${ink} on ${paper}`)
    })
  }

  test('zooms where one drags', async () => {
    await page.locator('#throughput').scrollIntoViewIfNeeded()
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
