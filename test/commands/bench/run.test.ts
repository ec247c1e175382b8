import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const folder = temporaryFolder()
const schema = (name: string) => JSON.parse(readFileSync(join(root, 'docs', 'schemas', `${name}.schema.json`), 'utf8'))
const isScenario = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema('bench-scenario'))

let files = 0
function scenario(text: string): string {
  const path = join(folder, `${++files}.yaml`)
  writeFileSync(path, text)
  return path
}

async function run(...args: readonly string[]) {
  const cli = runCli(['bench', 'run', ...args])
  const exitCode = await cli.exitCode
  return { exitCode, stdout: (await cli.stdout()).toString(), stderr: await cli.stderr() }
}

test('the example of the page is the file that it names, and obeys the schema', () => {
  const page = readFileSync(join(root, 'docs', 'bench-run.md'), 'utf8')
  const example = readFileSync(join(root, 'docs', 'examples', 'meters.yaml'), 'utf8')

  assert.ok(page.includes(`\`\`\`yaml\n${example}\`\`\``))
  assert.ok(isScenario(parse(example)), JSON.stringify(isScenario.errors))
})

describe('groups load a broker beside each other', { skip: mosquittoMissing() }, () => {
  let broker: Mosquitto
  before(async () => {
    broker = await startMosquitto()
  })
  after(() => broker.stop())

  test('what one group publishes another one counts, to the message, and barriers hold', async () => {
    const path = scenario(`
settings: { qos: 1, warmup: 0 }
groups:
  readers: { mode: sub, clients: 2, filter: 'm/#', messages: 300 }
  writers: { after: readers, mode: pub, clients: 3, topic: 'm/%i', messages: 150 }
  late: { after: writers ended, mode: conn, clients: 5, duration: 0.2 }
`)

    const { exitCode, stdout } = await run(path, '-p', `${broker.port}`, '--json')

    const result = JSON.parse(stdout)
    assert.equal(exitCode, 0)
    assert.ok(new Ajv({ formats: { 'date-time': true } }).compile(schema('bench-scenario-result'))(JSON.parse(stdout)))
    const [readers, writers, late] = result.groups
    assert.deepEqual([readers.name, writers.name, late.name], ['readers', 'writers', 'late'])
    assert.equal(writers.result.messages.acked, 150)
    assert.equal(readers.result.arrivals.received, 300)
    assert.equal(late.result.idle.held, 5)
    assert.ok(late.startedSeconds >= writers.startedSeconds)
  })

  test('what is typed is above the file, for every group', async () => {
    const path = scenario('groups:\n  a: { mode: pub, messages: 1000000, qos: 0 }\n  b: { mode: pub, messages: 7 }\n')

    const { stdout } = await run(path, '-p', `${broker.port}`, '--messages', '20', '-q', '1', '--json')

    const counts = JSON.parse(stdout).groups.map(
      ({ result }: { result: { messages: { acked: number } } }) => result.messages.acked,
    )
    assert.deepEqual(counts, [20, 20])
  })

  test('the gravest failure of a group decides the exit code, and names it', async () => {
    const path = scenario(`
settings: { messages: 20, warmup: 0, qos: 1 }
groups:
  good: { mode: pub }
  strict: { mode: pub, fail-if: 'acked<21' }
`)

    const { exitCode, stderr, stdout } = await run(path, '-p', `${broker.port}`)

    assert.equal(exitCode, 9)
    assert.match(stderr, /group strict: 1 of 1 thresholds did not hold/)
    assert.match(stdout, /group good[\s\S]*verdict +valid[\s\S]*group strict/)
  })

  test('Ctrl-C drains what runs and reports it; what had not begun is said', async () => {
    const path = scenario(`
settings: { warmup: 0, qos: 1 }
groups:
  long: { mode: pub, rate: 50, duration: 60 }
  never: { after: long ended, mode: pub, messages: 5 }
`)
    const cli = runCli(['bench', 'run', path, '-p', `${broker.port}`])
    await cli.whenStderr(/long {4}1 s measure/)

    cli.kill('SIGINT')

    assert.equal(await cli.exitCode, 130)
    assert.match((await cli.stdout()).toString(), /group long[\s\S]*verdict[\s\S]*group never\nnot run/)
  })
})

test('a group whose barrier never opens is not run: the other one failed before', async () => {
  const path = scenario('groups:\n  first: { mode: pub, connect-timeout: 2 }\n  second: { after: first, mode: pub }\n')

  const { exitCode, stdout, stderr } = await run(path, '-p', '1', '--json')

  assert.equal(exitCode, 3)
  const [first, second] = JSON.parse(stdout).groups
  assert.equal(first.failure.kind, 'unreachable')
  assert.match(second.failure.message, /it never began: first ended before it was measuring/)
  assert.match(stderr, /group first: /)
})

const wrong: readonly {
  readonly what: string
  readonly text: string
  readonly says: RegExp
  readonly breaksSchema: boolean
}[] = [
  { what: 'no YAML', text: 'groups: [', says: /is no YAML: .*line 1/, breaksSchema: true },
  { what: 'no groups', text: 'name: a', says: /groups is no mapping/, breaksSchema: true },
  { what: 'another key', text: 'grups: {}\ngroups: { a: {} }', says: /grups means nothing here/, breaksSchema: true },
  {
    what: 'a mode that does not exist',
    text: 'groups: { a: { mode: pubb } }',
    says: /groups\.a: mode is not one: "pubb"/,
    breaksSchema: true,
  },
  {
    what: 'a flag that does not exist',
    text: 'groups: { a: { cleints: 3 } }',
    says: /groups\.a: cleints is no flag of bench[\s\S]*did you mean clients/,
    breaksSchema: true,
  },
  {
    what: 'a flag of the program',
    text: 'groups: { a: { json: true } }',
    says: /json belongs on the command line/,
    breaksSchema: true,
  },
  {
    what: 'a password for one group',
    text: 'groups: { a: { password: x } }',
    says: /groups\.a: password is for all groups/,
    breaksSchema: true,
  },
  {
    what: 'a value that is none',
    text: 'groups: { a: { qos: 3 } }',
    says: /groups\.a: --qos is not a QoS: "3"/,
    breaksSchema: false,
  },
  {
    what: 'a switch with a text',
    text: 'groups: { a: { retain: yes please } }',
    says: /groups\.a: retain is a switch/,
    breaksSchema: true,
  },
  {
    what: 'a barrier to nobody',
    text: 'groups: { a: { after: b } }',
    says: /groups\.a waits for b, which is not there/,
    breaksSchema: false,
  },
  {
    what: 'barriers in a circle',
    text: 'groups: { a: { after: b }, b: { after: a } }',
    says: /a and b wait for each other/,
    breaksSchema: false,
  },
  {
    what: 'a barrier of another form',
    text: 'groups: { a: {}, b: { after: a started } }',
    says: /after is no barrier: "a started"/,
    breaksSchema: false,
  },
]

for (const { what, text, says, breaksSchema } of wrong) {
  test(`${what}: 2, and the place in the file`, async () => {
    const { exitCode, stderr } = await run(scenario(text), '-p', '1')

    assert.equal(exitCode, 2)
    assert.match(stderr, says)
    if (breaksSchema && what !== 'no YAML') assert.ok(!isScenario(parse(text)))
  })
}

test('a file that is not there: 7', async () => {
  const { exitCode, stderr } = await run('no-such.yaml')

  assert.equal(exitCode, 7)
  assert.match(stderr, /Cannot read no-such\.yaml: ENOENT/)
})
