import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { mosquittoMissing } from './support/brokers/mosquitto.ts'
import { freePort } from './support/network/free-port.ts'
import { linted } from './support/program/actionlint.ts'
import { runCli } from './support/program/run-cli.ts'
import { temporaryFolder } from './support/program/temp-folder.ts'

const root = join(import.meta.dirname, '..')
const path = join(root, 'docs', 'examples', 'github-duet.yml')
const example = readFileSync(path, 'utf8')
const { on, jobs } = parse(example)
const steps: readonly { readonly run?: string }[] = jobs.duet.steps
const command = steps.at(-1)?.run ?? ''

describe('the example of a pull request that is held against its base', () => {
  test('is a workflow without a fault, by actionlint', () => {
    const { status, said } = linted(path)

    assert.equal(status, 0, said)
    assert.match(said, /1 workflow file/)
  })

  test('takes fifteen lines at most, and is what the page on duet shows', () => {
    const page = readFileSync(join(root, 'docs', 'bench-duet.md'), 'utf8')

    assert.ok(example.trimEnd().split('\n').length <= 15)
    assert.ok(page.includes(`\`\`\`yaml\n${example}\`\`\``))
  })

  test('is about pull requests, and ends with the command whose exit code is the gate', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

    assert.equal(on, 'pull_request')
    assert.match(command, /^npx mqtt-cli bench duet /)
    assert.ok(steps.some(({ run }) => run?.includes(`./new/mqtt-cli-${version}.tgz`)))
  })

  test('starts both brokers by their configurations and compares them', { skip: mosquittoMissing() }, async () => {
    const folder = temporaryFolder()
    const user = process.getuid?.() === 0 ? 'user root\n' : '' // mosquitto, started by root, could not read our folder
    for (const side of ['old', 'new']) {
      mkdirSync(join(folder, side))
      writeFileSync(join(folder, side, 'mosquitto.conf'), `allow_anonymous true\n${user}`)
    }
    const [a, b] = [String(await freePort()), String(await freePort())]
    const words = [
      ...command
        .replaceAll('1884', a)
        .replaceAll('1885', b)
        .matchAll(/'([^']*)'|(\S+)/g),
    ]
      .map(([, quoted, plain]) => quoted ?? plain ?? '')
      .slice(2)

    const handle = runCli([...words, '--rounds', '1', '--duration', '1', '--json'], { cwd: folder })

    const code = await handle.exitCode
    assert.ok(code === 0 || code === 10, await handle.stderr()) // 10: this machine was too busy to measure anything
    const said = String(await handle.stdout())
    for (const metric of ['p50', 'lost']) assert.match(said, new RegExp(`"${metric}"`))
  })
})
