import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import manifest from '../../../oclif.manifest.json' with { type: 'json' }
import { type RunOptions, runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { type ScriptedBroker, startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'
import { startWatchedBroker, type WatchedBroker } from '../../support/scripted-broker/watched-broker.ts'

const canary = 'k4n4ry/Zz+7?secret'
const folder = temporaryFolder()
const passwordFile = join(folder, 'password')
writeFileSync(passwordFile, `${canary}\n`, { mode: 0o600 })

const hex = Buffer.from(canary).toString('hex')
/** All the ways in which somebody could read it. */
const forms = [
  canary,
  encodeURIComponent(canary),
  Buffer.from(canary).toString('base64'),
  Buffer.from(canary).toString('base64url'),
  hex,
  hex.replaceAll(/(..)(?!$)/g, '$1 '),
]

/** How a secret comes in. */
interface Way {
  readonly name: string
  readonly args: (address: string) => readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Every broker here would take it: then the exit code shows that the run came as far as it should. */
  readonly isPlain: boolean
}

const exitCodes = { accepted: 0, refused: 4, violation: 6, lost: 5, unreachable: 3, usage: 2 }

const hostAndPort = (address: string) => ['-h', '127.0.0.1', '-p', address.split(':')[1] ?? '']
const ways: readonly Way[] = [
  { name: '-P', isPlain: true, args: (to) => [...hostAndPort(to), '-u', 'me', '-P', canary] },
  { name: '--password=', isPlain: true, args: (to) => [...hostAndPort(to), '-u', 'me', `--password=${canary}`] },
  {
    name: '--password-file',
    isPlain: true,
    args: (to) => [...hostAndPort(to), '-u', 'me', '--password-file', passwordFile],
  },
  {
    name: '--password-env',
    isPlain: true,
    args: (to) => [...hostAndPort(to), '-u', 'me', '--password-env', 'OUR_SECRET'],
    env: { OUR_SECRET: canary },
  },
  {
    name: '--password-command',
    isPlain: true,
    args: (to) => [...hostAndPort(to), '-u', 'me', '--password-command', `cat ${passwordFile}`],
  },
  {
    name: 'MQTT_CLI_PASSWORD',
    isPlain: true,
    args: (to) => [...hostAndPort(to), '-u', 'me'],
    env: { MQTT_CLI_PASSWORD: canary },
  },
  { name: '-L', isPlain: true, args: (to) => ['-L', `mqtt://me:${encodeURIComponent(canary)}@${to}`] },
  {
    name: 'MQTT_CLI_URL',
    isPlain: true,
    args: () => [],
    env: { MQTT_CLI_URL: `mqtt://me:${encodeURIComponent(canary)}@ADDRESS` },
  },
  {
    name: '-D connect authentication-data',
    isPlain: false,
    args: (to) => [
      ...[...hostAndPort(to), '-V', '5', '-D', 'connect', 'authentication-method', 'token'],
      ...['-D', 'connect', 'authentication-data', canary],
    ],
  },
  {
    name: '--ws-header',
    isPlain: false,
    args: (to) => ['-L', `ws://${to}/mqtt`, '--ws-header', `Authorization: Bearer ${canary}`],
  },
  {
    name: '--keypw',
    isPlain: false,
    args: (to) => ['-L', `mqtts://${to}`, '--cert', passwordFile, '--key', passwordFile, '--keypw', canary],
  },
]

const styles: readonly (readonly string[])[] = [['--trace', '--debug'], ['--trace=json', '--json'], ['-d']]

type Situation = keyof typeof exitCodes

/** The two share all that a secret passes through, but for what they do with a connection. */
const commands: readonly (readonly [command: string, words: readonly string[], situations: readonly Situation[]])[] = [
  ['pub', ['pub', '-l', '-t', 'a', '-q', '1'], ['accepted', 'refused', 'violation', 'lost', 'unreachable', 'usage']],
  ['sub', ['sub', '-t', 'a', '-E'], ['accepted', 'refused']],
]

/** Says no, and repeats what it was given, as a broker may. */
const echoingRefusal: Step[] = [{ expect: 'connect' }, { send: connackWithReasonString(0x86, `no such: ${canary}`) }]
const violation: Step[] = [{ expect: 'connect' }, { send: '2003000000 2003000000' }, { wait: 'client-close' }]
const lost: Step[] = [{ expect: 'connect' }, { send: '2003000000' }, { close: 'rst' }]

describe('secrets', { concurrency: 6 }, () => {
  let accepting: WatchedBroker
  const scripted: Record<string, ScriptedBroker> = {}
  const ports: Record<string, number> = {}

  before(async () => {
    accepting = await startWatchedBroker()
    for (const [name, script] of Object.entries({ refused: echoingRefusal, violation, lost })) {
      const broker = await startScriptedBroker([], { otherwise: script })
      scripted[name] = broker
      ports[name] = broker.port
    }
    ports.accepted = accepting.port
    ports.unreachable = 1 // a free one may be another test's by the time that it is used
  })
  after(async () => {
    for (const broker of Object.values(scripted)) broker.close()
    await accepting.close()
  })

  for (const [command, words, situations] of commands) {
    for (const way of ways) {
      for (const situation of situations) {
        const expected = exitCodes[situation]
        test(`fault 34: ${command} ${way.name}, ${situation}: the secret is nowhere in what is printed`, async () => {
          const address = `127.0.0.1:${ports[situation] ?? 1}`
          for (const style of styles) {
            const wrong = situation === 'usage' ? ['--no-such-option'] : []
            const args = [...words, ...way.args(address), '--reconnect-for', '0', '--connect-timeout', '3', ...style]

            const exitCode = await assertKeepsSecret([...args, ...wrong], optionsOf(way, address))

            if (way.isPlain || situation === 'usage') assert.equal(exitCode, expected)
          }
        })
      }
    }
  }

  for (const [id, flags] of flagsByFirstCommand()) {
    test(`fault 34: ${id.replaceAll(':', ' ')}: no flag of its ${flags.length} gives the secret away`, async () => {
      const login = ['-h', '127.0.0.1', '-p', String(ports.unreachable), '-u', 'me', '-P', canary]
      for (const flag of flags) await assertKeepsSecret([...id.split(':'), ...login, ...flag, '-W', '1'], {})
    })
  }

  for (const view of ['line', 'tree', 'hex', 'sequence']) {
    test(`fault 34: inspect decode --view ${view} hides the password of a CONNECT`, async () => {
      for (const style of [[], ['--json'], ['--debug']]) {
        await assertKeepsSecret(['inspect', 'decode', connectHex(), '--view', view, ...style], {})
      }
    })
  }

  test('fault 34: broker --password-file shows no password, of its file or of a client', async (t) => {
    const users = join(folder, 'users')
    writeFileSync(users, `me:${canary}\n`, { mode: 0o600 })
    const broker = runCli(
      ['broker', '--port', '0', '--password-file', users, '--verbose', '--json', '--debug'],
      debugging,
    )
    t.after(() => broker.kill('SIGKILL'))
    const port = /"port":(\d+)|:(\d{4,5})/.exec((await broker.whenStdout(/:\d{4,5}/)).input)
    const to = ['-p', port?.[1] ?? port?.[2] ?? '', '-t', 'a', '-m', 'b', '-u', 'me']

    assert.equal(await runCli(['pub', ...to, '-P', canary]).exitCode, 0)
    assert.equal(await runCli(['pub', ...to, '-P', `${canary}!`]).exitCode, 4)
    broker.kill('SIGTERM')

    assertSilentOf(`${await broker.stdout()}${await broker.stderr()}`, 'broker')
  })

  test('fault 34: a users file with a broken line is named by its line, not by what is in it', async () => {
    const users = join(folder, 'broken-users')
    writeFileSync(users, `${canary}\n`, { mode: 0o600 })

    await assertKeepsSecret(['broker', '--port', '0', '--password-file', users], {})
  })
})

const debugging: RunOptions = { env: { DEBUG: '*', FORCE_COLOR: '0' } }

function optionsOf({ env = {} }: Way, address: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replace('ADDRESS', address)]))
}

async function assertKeepsSecret(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const cli = runCli(args, { env: { ...debugging.env, ...env }, stdin: 'b\n' })
  const exitCode = await cli.exitCode
  const printed = `${await cli.stdout()}${await cli.stderr()}`

  assert.notEqual(exitCode, 1, printed) // a bug would be one more thing to look at
  assertSilentOf(printed, args.join(' '))
  return exitCode
}

function assertSilentOf(printed: string, what: string): void {
  for (const form of forms) {
    const at = printed.indexOf(form)
    if (at !== -1) assert.fail(`${what} prints ${printed.slice(Math.max(0, at - 200), at + form.length)}`)
  }
}

/** Each flag of the program once, at the first command that has it, with a value that can hardly be right. */
function flagsByFirstCommand(): Map<string, string[][]> {
  const seen = new Set(['password', 'url', 'ask-password', 'host', 'port', 'username', 'embedded', 'help'])
  const found = new Map<string, string[][]>()
  const first = ['pub', 'sub']
  const ids = Object.keys(manifest.commands)
  for (const id of [...first, ...ids.filter((each) => !first.includes(each))]) {
    const { flags } = manifest.commands[id as keyof typeof manifest.commands]
    if (!('password' in flags)) continue
    for (const [name, flag] of Object.entries(flags)) {
      if (seen.has(name)) continue
      seen.add(name)
      const use = (flag as { type: string }).type === 'boolean' ? [`--${name}`] : [`--${name}`, 'x y']
      found.set(id, [...(found.get(id) ?? []), use])
    }
  }
  return found
}

function connackWithReasonString(code: number, reason: string): Buffer {
  const text = Buffer.from(reason)
  const properties = Buffer.concat([Buffer.from([0x1f, 0, text.length]), text])
  return Buffer.concat([Buffer.from([0x20, properties.length + 3, 0, code, properties.length]), properties])
}

/** MQTT 3.1.1, client id `a`, user name `me`. */
function connectHex(): string {
  const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)])
  const body = Buffer.concat([text('MQTT'), Buffer.from([4, 0xc2, 0, 60]), text('a'), text('me'), text(canary)])
  return Buffer.concat([Buffer.from([0x10, body.length]), body]).toString('hex')
}
