import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { runCli } from '../../support/program/run-cli.ts'

const executablePath = '/usr/bin/chromium'
const skip = existsSync(executablePath) ? undefined : 'not installed: chromium'
const library = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'node_modules',
  '@mermaid-js',
  'tiny',
  'dist',
  'mermaid.tiny.js',
)

interface Drawing {
  readonly arrows: number
  readonly notes: number
  readonly participants: number
  readonly text: string
  readonly markup: number
}

/** What may mean something to Mermaid, or to the page that it draws into. */
const hostileTexts = [
  'end',
  'x;Note over S: no',
  'a: b ->> c',
  'a%%b',
  'a#lt;b#35;#9829;',
  '<img src=x onerror=alert(1)>',
  '"quoted" {json} [x] (y)',
  '\\n<br/>second line',
  'Ünïcödé ☂ 𝄞',
  '\u001b]0;title\u0007\u001b[31mred',
  '$$\\frac{1}{2}$$',
  'loop forever',
]

describe('the Mermaid view, in a browser', { skip }, () => {
  let browser: Browser
  let page: Page
  const errors: string[] = []

  before(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage()
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('dialog', (dialog) => dialog.dismiss().then(() => errors.push('a dialog')))
    await page.setContent('<!doctype html><head></head><body></body>')
    await page.addScriptTag({ path: library })
  })

  after(async () => {
    await browser?.close()
  })

  /** Throws where Mermaid does not understand. */
  async function drawn(diagram: string): Promise<Drawing> {
    const script = `(async () => {
      mermaid.initialize({ startOnLoad: false })
      const { svg } = await mermaid.render('drawing', ${JSON.stringify(diagram)})
      document.body.innerHTML = svg
      const count = (selector) => document.querySelectorAll(selector).length
      return {
        arrows: count('.messageLine0, .messageLine1'),
        notes: count('.note'),
        participants: count('.actor-top[name], rect.actor-top'),
        text: [...document.querySelectorAll('.messageText')].map((each) => each.textContent).join('\\n'),
        markup: count('body img, body script'),
      }
    })()`
    return (await page.evaluate(script)) as Drawing
  }

  async function inspected(args: readonly string[], stdin = ''): Promise<string> {
    const cli = runCli(['inspect', ...args, '--view', 'mermaid'], { stdin })
    await cli.exitCode
    return (await cli.stdout()).toString()
  }

  test('has an arrow for each packet of a whole exchange', async () => {
    const exchange = ['a/#', '--publish', 'a/b=open', '-q', '2', '-C', '1', '--embedded']

    const diagram = await inspected(exchange)
    const { arrows, participants } = await drawn(diagram)

    // CONNECT, CONNACK, SUBSCRIBE, SUBACK, two handshakes of four packets, DISCONNECT
    assert.equal(arrows, 13)
    assert.equal(participants, 2)
    assert.deepEqual(errors, [])
  })

  test('draws hostile topics and payloads as text, and each as one arrow', async () => {
    const publishes = hostileTexts.flatMap((text) => ['--publish', `${text.replaceAll(/[#+=]/g, '')}=${text}`])

    const diagram = await inspected([...publishes, '--embedded'])
    const { arrows, text, markup } = await drawn(diagram)

    // CONNECT, CONNACK, for each message PUBLISH, PINGREQ, PINGRESP, and DISCONNECT
    assert.equal(arrows, 3 + 3 * hostileTexts.length)
    for (const shown of ['"end"', 'x;Note over S: no', 'a: b ->> c', 'a%%b', 'a#lt;b#35;#9829;', '<img src=x', '☂ 𝄞']) {
      assert.ok(text.includes(shown), `${shown} in ${text}`)
    }
    assert.equal(markup, 0)
    assert.deepEqual(errors, [])
  })

  test('draws a bad packet as an arrow with a note', async () => {
    const { arrows, notes } = await drawn(await inspected(['decode', '-V', '5', '3607000261620001 00', 'c000']))

    assert.deepEqual([arrows, notes], [2, 1])
  })
})
