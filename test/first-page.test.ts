import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from './support/brokers/mosquitto.ts'
import { freePort } from './support/network/free-port.ts'
import { runCli } from './support/program/run-cli.ts'
import { temporaryFolder } from './support/program/temp-folder.ts'

const folder = temporaryFolder()
const program = `"${process.execPath}" bin/run.js`
/** Let in by both brokers; `secret/#` is nobody's. */
const login = ['-u', 'ada', '-P', 'correct horse']

interface Broker {
  readonly port: number
  stop(): unknown
}

/** Our own broker, as a process. */
async function startOwn(): Promise<Broker> {
  const users = join(folder, 'users.txt')
  writeFileSync(users, 'ada:correct horse\n', { mode: 0o600 })
  const options = ['-p', '0', '--password-file', users, '--deny', 'secret/#']
  const broker = runCli(['broker', ...options], { timeLimitMs: 120_000 })
  const [, port] = await broker.whenStdout(/:(\d+)\n/)
  return { port: Number(port), stop: () => broker.kill('SIGKILL') }
}

/** `correct horse` as mosquitto_passwd writes it: PBKDF2, 101 rounds of SHA-512. */
const hash =
  '$7$101$c2FsdHNhbHRzYWx0$VT6wIBYrw6org2c5gu2idDv9QYP0fPEO2YGaoGrYDSKJeYTUANfsQBvu9AI3078np6CYOjHbzfz/elQBb7oxkA=='

/** Debian's. */
function startDebians(): Promise<Broker> {
  const users = join(folder, 'mosquitto-users')
  const rules = join(folder, 'mosquitto-rules')
  writeFileSync(users, `ada:${hash}\n`, { mode: 0o600 })
  writeFileSync(rules, 'user ada\ntopic readwrite home/#\ntopic readwrite n\n', { mode: 0o600 })
  return startMosquitto({ config: `allow_anonymous false\npassword_file ${users}\nacl_file ${rules}` })
}

const brokers = [
  { name: 'mqtt-cli broker', start: startOwn, missing: undefined },
  { name: 'mosquitto', start: startDebians, missing: mosquittoMissing() },
]

for (const { name, start, missing } of brokers) {
  describe(`the first page, with ${name}`, { skip: missing ?? false }, () => {
    let broker: Broker
    let own: readonly string[] = []
    before(async () => {
      broker = await start()
      own = ['-p', String(broker.port), ...login]
    })
    after(() => broker.stop())

    test('a subscriber beside a publish at QoS 2 whose packets are shown', async () => {
      const sub = runCli(['sub', 'home/#', ...own, '--trace'])
      await sub.whenStderr(/SUBACK/)

      const pub = runCli(['pub', 'home/door', 'open', '--trace', '-q', '2', ...own])
      await sub.whenStdout(/open\n/)
      sub.kill('SIGINT')

      assert.equal(await pub.exitCode, 0)
      const steps = ['CONNECT', 'CONNACK', 'PUBLISH', 'PUBREC', 'PUBREL', 'PUBCOMP', 'DISCONNECT']
      const traced = (await pub.stderr()).trimEnd().split('\n')
      assert.deepEqual(
        traced.map((line) => /[→←] ([A-Z]+)/.exec(line)?.[1]),
        steps,
      )
      assert.match(traced[5] ?? '', /complete in \d+ µs/)
      assert.doesNotMatch(traced.join(), /correct horse/)
      assert.equal((await sub.stdout()).toString(), 'open\n')
      assert.equal(await sub.exitCode, 130)
    })

    test('lines piped in, and only the first three of them wanted', async () => {
      const flags = `-p ${broker.port} -u ada -P 'correct horse'`
      const sub = `${program} sub n -C 10 --trace ${flags} | head -3; echo "sub \${PIPESTATUS[0]}" >&2`
      const head = runCli([], { program: ['bash', '-c', sub] })
      await head.whenStderr(/SUBACK/)

      const pub = runCli([], {
        program: ['bash', '-c', `seq 1000 | ${program} pub -l -t n -q 1 ${flags}; echo "pub \${PIPESTATUS[1]}"`],
      })

      assert.equal((await pub.stdout()).toString(), 'pub 0\n')
      assert.equal((await head.stdout()).toString(), '1\n2\n3\n')
      assert.match(await head.stderr(), /\nsub 0\n$/)
      assert.doesNotMatch(await head.stderr(), /error:/)
    })

    test('a wrong password is exit 4, by the name that CONNACK gives it', async () => {
      const pub = runCli(['pub', 'home/door', 'open', '-p', String(broker.port), '-u', 'ada', '-P', 'wrong'])

      assert.equal(await pub.exitCode, 4)
      assert.match(await pub.stderr(), /CONNACK, reason code 0x8[67] /)
    })

    // At QoS 0, and below MQTT 5, there is no packet in which a broker could say no (docs/pub.md).
    const denied: ReadonlyArray<readonly [version: string, qos: string, exitCode: number]> = [
      ['5', '1', 4],
      ['5', '2', 4],
      ['5', '0', 0],
      ['3.1.1', '1', 0],
      ['3.1.1', '0', 0],
    ]
    for (const [version, qos, exitCode] of denied) {
      test(`a denied topic at MQTT ${version} and QoS ${qos} is exit ${exitCode}`, async () => {
        const pub = runCli(['pub', 'secret/plan', 'x', '-V', version, '-q', qos, ...own])

        assert.equal(await pub.exitCode, exitCode, await pub.stderr())
        if (exitCode === 4) assert.match(await pub.stderr(), /0x87 Not authorized/)
      })
    }
  })
}

describe('the first page, with nobody listening', () => {
  test('is exit 3, and says who did not answer', async () => {
    const pub = runCli(['pub', 'home/door', 'open', '-p', String(await freePort())])

    assert.equal(await pub.exitCode, 3)
    assert.match(await pub.stderr(), /error: [\s\S]*refused[\s\S]*try/i)
  })
})
