import assert from 'node:assert/strict'
import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const example = 'docs/examples/door.pcap'
const folder = temporaryFolder()

async function inspectFile(...args: readonly string[]) {
  const cli = runCli(['inspect', 'file', ...args])
  const exitCode = await cli.exitCode
  return { exitCode, stdout: (await cli.stdout()).toString(), stderr: await cli.stderr() }
}

function schema(name: string) {
  return JSON.parse(readFileSync(join(root, 'docs', 'schemas', `${name}.schema.json`), 'utf8'))
}

test('the page shows what the program prints', async () => {
  const page = readFileSync(join(root, 'docs', 'inspect-file.md'), 'utf8')
  const blocks = [...page.matchAll(/```\n\$ mqtt-cli inspect file ([^\n]+)\n([^`]*)```/g)]

  assert.ok(blocks.length >= 3)
  for (const [, args, output] of blocks) {
    const { exitCode, stdout, stderr } = await inspectFile(...(args as string).replaceAll("'", '').split(' '))
    assert.deepEqual({ exitCode, stdout, stderr }, { exitCode: 0, stdout: output, stderr: '' })
  }
})

test('each JSON record obeys its schema', async () => {
  const { stdout } = await inspectFile('--json', example)

  const ajv = new Ajv({ allErrors: true })
  const schemas = ['inspect-file', 'inspect-packet', 'inspect-run'].map((name) => ajv.compile(schema(name)))
  const records = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    new Set(records.map(({ type }) => type)),
    new Set(['opened', 'packet', 'opening', 'closed', 'summary', 'capture']),
  )
  for (const record of records) {
    const isValid = schemas.some((validate) => validate(record))
    assert.ok(
      isValid,
      `${JSON.stringify(record)}: ${schemas.map(({ errors }) => JSON.stringify(errors?.[0])).join('; ')}`,
    )
  }
})

test('standard input is read as it comes: what is there is shown before the end', async () => {
  const cli = runCli(['inspect', 'file', '-'], { stdin: 'open' })
  const bytes = readFileSync(join(root, example))

  cli.child.stdin.write(bytes.subarray(0, bytes.length - 300))
  await cli.whenStdout(/PUBLISH {5}"home\/door"/)
  cli.child.stdin.end(bytes.subarray(bytes.length - 300))

  assert.equal(await cli.exitCode, 0)
  assert.equal((await cli.stdout()).toString(), (await inspectFile(example)).stdout)
})

test('Ctrl-C in the middle of a stream ends it with the account so far', async () => {
  const cli = runCli(['inspect', 'file', '-'], { stdin: 'open' })
  createReadStream(join(root, example), { end: 900 }).pipe(cli.child.stdin, { end: false })
  await cli.whenStdout(/CONNACK/)

  cli.kill('SIGINT')

  assert.equal(await cli.exitCode, 130)
  assert.match((await cli.stdout()).toString(), /Summary of #1 panel[\s\S]*Capture: \d+ frames/)
})

const refused: readonly {
  readonly what: string
  readonly args: readonly string[]
  readonly exitCode: number
  readonly says: RegExp
}[] = [
  { what: 'no file', args: [], exitCode: 2, says: /which capture file/ },
  { what: 'two files', args: [example, example], exitCode: 2, says: /reads one capture/ },
  { what: 'a file that is not there', args: ['no-such.pcap'], exitCode: 7, says: /Cannot read no-such\.pcap: ENOENT/ },
  {
    what: 'a file that is no capture',
    args: ['README.md'],
    exitCode: 7,
    says: /README\.md, byte 0: this is neither pcap nor pcapng/,
  },
  {
    what: 'a key log that is not there',
    args: ['--keylog-file', 'no-keys', example],
    exitCode: 7,
    says: /Cannot read the key log no-keys: ENOENT/,
  },
  {
    what: 'an address that is none',
    args: ['--address', 'nowhere', example],
    exitCode: 2,
    says: /--address is no address: "nowhere"/,
  },
  {
    what: 'statistics with a view',
    args: ['--stats', '--view', 'hex', example],
    exitCode: 2,
    says: /--stats shows no packets/,
  },
]

for (const { what, args, exitCode, says } of refused) {
  test(`${what}: ${exitCode}`, async () => {
    const run = await inspectFile(...args)

    assert.equal(run.exitCode, exitCode)
    assert.match(run.stderr, says)
  })
}

test('a file that ends in the middle of a frame shows what is whole, then says where it ends', async () => {
  const path = join(folder, 'cut.pcap')
  writeFileSync(path, readFileSync(join(root, example)).subarray(0, 1000))

  const run = await inspectFile(path)

  assert.equal(run.exitCode, 7)
  assert.match(run.stdout, /CONNACK[\s\S]*Capture: \d+ frames/)
  assert.match(run.stderr, /cut\.pcap, byte \d+/)
})
