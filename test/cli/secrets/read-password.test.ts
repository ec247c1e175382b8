import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type PasswordEdges, readPassword } from '../../../src/cli/secrets/read-password.ts'
import { secretsAmong } from '../../../src/cli/secrets/secrets-among.ts'
import { MqttCliError } from '../../../src/errors.ts'

const edges: PasswordEdges = {
  environment: { BROKER_PASSWORD: 'from-env', EMPTY: '' },
  isInputTty: false,
  canAsk: false,
  signal: new AbortController().signal,
}

function ofKind(kind: string) {
  return (error: unknown) => error instanceof MqttCliError && error.kind === kind
}

async function fromFile(contents: string | Buffer): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'mqtt-cli-'))
  const path = join(folder, 'password')
  writeFileSync(path, contents)
  try {
    return await readPassword({ from: 'file', path }, edges)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('a password', () => {
  test('is the word after -P, byte for byte', async () => {
    assert.deepEqual(await readPassword({ from: 'text', text: 'pä ' }, edges), Buffer.from('pä '))
  })

  test('is read from a file, less one newline', async () => {
    assert.deepEqual(await fromFile('secret\n'), Buffer.from('secret'))
    assert.deepEqual(await fromFile('secret\r\n'), Buffer.from('secret'))
    assert.deepEqual(await fromFile('secret\n\n'), Buffer.from('secret\n'))
    assert.deepEqual(await fromFile(Buffer.from([0, 0xff])), Buffer.from([0, 0xff]))
    assert.deepEqual(await fromFile(''), Buffer.alloc(0))
  })

  test('is read from a variable, which may be empty', async () => {
    assert.deepEqual(
      await readPassword({ from: 'environment', name: 'BROKER_PASSWORD' }, edges),
      Buffer.from('from-env'),
    )
    assert.deepEqual(await readPassword({ from: 'environment', name: 'EMPTY' }, edges), Buffer.alloc(0))
  })

  test('is the output of a command, less one newline', async () => {
    assert.deepEqual(await readPassword({ from: 'command', command: 'printf "a\\nb\\n"' }, edges), Buffer.from('a\nb'))
  })

  test('of a file that is not there ends with 7', async () => {
    await assert.rejects(readPassword({ from: 'file', path: '/nowhere/at/all' }, edges), ofKind('local-io'))
  })

  test('of a variable that is not set is a usage error', async () => {
    await assert.rejects(readPassword({ from: 'environment', name: 'MISSING' }, edges), ofKind('usage'))
  })

  test('of a command that fails ends with 7, and its output is not repeated', async () => {
    const reading = readPassword({ from: 'command', command: 'echo canary; exit 3' }, edges)

    await assert.rejects(reading, (error) => {
      assert.ok(ofKind('local-io')(error))
      assert.match((error as Error).message, /exit code 3/)
      assert.doesNotMatch(JSON.stringify(error), /canary/)
      return true
    })
  })

  test('is not asked for where nobody can answer', async () => {
    await assert.rejects(readPassword({ from: 'prompt' }, edges), ofKind('usage'))
  })

  test('longer than 65,535 bytes is a usage error [MQTT5 §3.1.3.6]', async () => {
    await assert.rejects(readPassword({ from: 'text', text: 'x'.repeat(65_536) }, edges), ofKind('usage'))
  })
})

describe('secrets', () => {
  const cases: ReadonlyArray<readonly [what: string, flags: Record<string, unknown>, secrets: string[]]> = [
    ['a password', { password: 'canary' }, ['canary']],
    ['a key passphrase', { keypw: 'canary' }, ['canary']],
    ['a URL, as written and as meant', { url: 'mqtt://u:can%2Fary@h' }, ['can%2Fary', 'can/ary']],
    ['a URL that is no good', { url: 'http://u:canary@h' }, ['canary']],
    ['an HTTP header', { 'ws-header': ['Authorization: Bearer x'] }, ['Bearer x', 'x']],
    ['authentication data', { property: ['["connect","authentication-data","canary"]'] }, ['canary']],
    ['authentication data from the environment', { property: ['connect authentication-data canary'] }, ['canary']],
    [
      'an HTTP header, and its token alone',
      { 'ws-header': ['Authorization: Bearer canary'] },
      ['Bearer canary', 'canary'],
    ],
    ['nothing among these', { username: 'user', property: ['["publish","content-type","text"]'] }, []],
    ['an empty password, which is none', { password: '' }, []],
  ]
  for (const [what, flags, secrets] of cases) {
    test(`${what}`, () => assert.deepEqual(secretsAmong(flags), secrets))
  }
})
