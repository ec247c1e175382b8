import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { knownRun, timesAround } from '../../../support/bench/known-runs.ts'
import { runCli } from '../../../support/program/run-cli.ts'
import { temporaryFolder } from '../../../support/program/temp-folder.ts'

const folder = temporaryFolder()
const file = (name: string) => join(folder, name)

function results(name: string, microseconds: number): string {
  const runs = Array.from({ length: 8 }, (_, index) => knownRun(timesAround(microseconds * (1 + index / 500))))
  writeFileSync(file(name), runs.map((run) => `${JSON.stringify(run)}\n`).join(''))
  return file(name)
}

const base = results('base.ndjson', 1000)
const same = results('same.ndjson', 1002)
const slow = results('slow | <b>.ndjson', 1300)
const compare = (next: string, ...words: readonly string[]) =>
  runCli(['bench', 'compare', base, '--against', next, ...words], {
    env: { GITHUB_STEP_SUMMARY: file('summary.md') },
  })

describe('the files of a comparison', () => {
  test('--comment is Markdown when something is not equal, and removed when all is', async () => {
    const path = file('comment.md')

    assert.equal(await compare(slow, '--comment', path).exitCode, 9)
    const text = readFileSync(path, 'utf8')
    assert.match(text, /^### mqtt-cli bench compare$/m)
    assert.match(text, /^\*\*worse: p50, p95, p99, p99\.9; equal: lost, duplicate, refused\*\*$/m)
    assert.match(text, /^\| p50 \| 99\d µs \| 1\.\d\d ms \| \+30\.\d % \| .* \| ❌ worse \|$/m)
    assert.match(text, /slow \\\| &#60;b&#62;\.ndjson/, 'a name stays a name')

    assert.equal(await compare(same, '--comment', path).exitCode, 0)
    assert.equal(existsSync(path), false)
    assert.equal(await compare(same, '--comment', path).exitCode, 0, 'and where there was none')
  })

  test('--github-summary goes behind what the job has told before', async () => {
    writeFileSync(file('summary.md'), 'before\n')
    await compare(same, '--github-summary').exitCode

    const text = readFileSync(file('summary.md'), 'utf8')
    assert.match(text, /^before\n### mqtt-cli bench compare$/m)
    assert.match(text, /\| ✅ equal \|$/m)
  })

  test('--report is one page with both sides', async () => {
    await compare(slow, '--report', file('report.html')).exitCode

    const html = readFileSync(file('report.html'), 'utf8')
    assert.match(html, /^<!doctype html>[\s\S]*uPlot[\s\S]*<\/html>\n$/)
    assert.match(html, /slow \| &lt;b&gt;\.ndjson/)
  })

  for (const flag of ['--report', '--comment']) {
    test(`${flag} where nothing can be written is told before anything is read: 7`, async () => {
      const handle = compare(file('not there'), flag, file('no/such/folder'))

      assert.equal(await handle.exitCode, 7)
      assert.match(await handle.stderr(), new RegExp(`${flag} could not be written`))
    })

    test(`${flag} on a full disk: 7, after the comparison`, { skip: !existsSync('/dev/full') }, async () => {
      const handle = compare(slow, flag, '/dev/full')

      assert.equal(await handle.exitCode, 7)
      assert.match(String(await handle.stdout()), /^verdict +worse/m)
    })
  }

  test('--github-summary outside a job of GitHub’s: 2', async () => {
    const words = ['bench', 'compare', base, '--against', same, '--github-summary']

    assert.equal(await runCli(words, { env: { GITHUB_STEP_SUMMARY: undefined } }).exitCode, 2)
  })
})
