import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from './support/brokers/mosquitto.ts'
import { linted } from './support/program/actionlint.ts'
import { runCli } from './support/program/run-cli.ts'
import { temporaryFolder } from './support/program/temp-folder.ts'

const root = join(import.meta.dirname, '..')
const folder = temporaryFolder()
const path = join(root, 'docs', 'examples', 'github-actions.yml')
const example = readFileSync(path, 'utf8')

describe('the example of a gate in GitHub Actions', () => {
  test('is a workflow without a fault, by actionlint', () => {
    const { status, said } = linted(path)

    assert.equal(status, 0, said)
    assert.match(said, /1 workflow file/)
  })

  test('would be found faulty by actionlint if it were', () => {
    const broken = join(folder, 'broken.yml')
    writeFileSync(broken, example.replace('runs-on', 'run-on'))

    assert.equal(linted(broken).status, 1)
  })

  test('takes ten lines at most, and is what the page on bench shows', () => {
    const page = readFileSync(join(root, 'docs', 'bench.md'), 'utf8')

    assert.ok(example.trimEnd().split('\n').length <= 10)
    assert.ok(page.includes(`\`\`\`yaml\n${example}\`\`\``))
  })

  test('installs what npm pack makes of this version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

    assert.ok(example.includes(`./mqtt-cli-${version}.tgz`))
  })

  for (const [condition, codes] of [
    ['lost>0', [0, 10]],
    ['sent>0', [9, 10]],
  ] as const) {
    test(`gates: its command with ${condition} ends with ${codes[0]}, and writes the summary`, {
      skip: mosquittoMissing(),
    }, async (t) => {
      const broker = await startMosquitto({ config: 'max_queued_messages 0' })
      t.after(broker.stop)
      const summary = join(folder, `${codes[0]}.md`)
      const words = [...(/npx mqtt-cli (.*)/.exec(example)?.[1] ?? '').matchAll(/'([^']*)'|(\S+)/g)]
        .map(([, quoted, plain]) => quoted ?? plain ?? '')
        .map(
          (word) =>
            ({ '1884': String(broker.port), '30': '1', 'lost>0': condition, 'p99>20ms': 'p99>3600s' })[word] ?? word,
        )

      const handle = runCli(words, { env: { GITHUB_STEP_SUMMARY: summary } })

      assert.ok((codes as readonly number[]).includes(await handle.exitCode), await handle.stderr())
      assert.match(readFileSync(summary, 'utf8'), /^### mqtt-cli bench pubsub, paced, QoS 1[\s\S]*\| arrived \| /)
    })
  }
})
