import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type BrokerKind, brokerKinds } from '../support/brokers/broker-table.ts'
import type { OtherBroker } from '../support/brokers/other-broker.ts'
import { type CliHandle, type RunOptions, runCli } from '../support/program/run-cli.ts'
import { matrixCell } from '../support/transports/matrix-cell.ts'

/** Few of them each day, and many in a cell of the matrix: there, what is acknowledged too late takes minutes. */
const lineCount = matrixCell === undefined ? 300 : 10_000
const lines = Array.from({ length: lineCount }, (_, index) => `line ${index}\n`).join('')
const binary = Buffer.concat([Buffer.from([0, 10, 13, 27, 255]), randomBytes(3000), Buffer.from('\n')])

for (const kind of brokerKinds) {
  describe(`through ${kind.name}`, { skip: kind.missing, concurrency: 4 }, () => {
    let broker: OtherBroker
    before(async () => {
      broker = await kind.start()
    })
    after(() => broker?.stop())

    const run = (command: string, version: string, args: readonly string[], options: RunOptions = {}) =>
      runCli([command, '-p', String(broker.port), '-V', version, ...broker.login, ...args], options)
    const subscribed = async (version: string, args: readonly string[]): Promise<CliHandle> => {
      const sub = run('sub', version, [...args, '--trace'])
      await sub.whenStderr(/SUBACK/)
      return sub
    }

    for (const version of kind.versions) {
      const level = version.replaceAll('.', '-') // RabbitMQ makes a slash of a dot
      for (const qos of kind.qos) {
        test(`lines arrive once each and in order: ${version}, QoS ${qos}`, async () => {
          const [topic, q] = [`lines/${level}/${qos}`, String(qos)]
          const sub = await subscribed(version, ['-t', topic, '-q', q, '-C', `${lineCount}`, '-W', '50'])

          const pub = run('pub', version, ['-l', '-t', topic, '-q', q], { stdin: lines })

          assert.deepEqual([await pub.exitCode, await pub.stderr()], [0, ''])
          assert.deepEqual([await sub.exitCode, (await sub.stdout()).toString()], [0, lines])
        })
      }

      test(`fault 27: a payload arrives byte for byte: ${version}`, async () => {
        const sub = await subscribed(version, ['-t', `bytes/${level}`, '-N', '-C', '1', '-W', '30'])

        const pub = run('pub', version, ['-s', '-t', `bytes/${level}`, '-q', '1'], { stdin: binary })

        assert.deepEqual([await pub.exitCode, await pub.stderr()], [0, ''])
        assert.ok((await sub.stdout()).equals(binary))
      })

      if (kind.isScripted !== true)
        test(`a retained message waits for who comes later: ${version}`, async () => {
          const topic = `kept/${level}`
          const pub = run('pub', version, ['-t', topic, '-m', 'open', '-r', '-q', '1'])
          assert.equal(await pub.exitCode, 0)

          const sub = run('sub', version, ['-t', topic, '-F', '%t %p %r', '-C', '1', '-W', '30'])

          assert.deepEqual([await sub.exitCode, (await sub.stdout()).toString()], [0, `${topic} open 1\n`])
        })
    }

    if (kind.versions.includes('5') && kind.isScripted !== true) testProperties(subscribed, run)
    if (kind.answerToQoS2 !== undefined) testQoS2(kind.answerToQoS2, run)
  })
}

type Subscribed = (version: string, args: readonly string[]) => Promise<CliHandle>
type Run = (command: string, version: string, args: readonly string[]) => CliHandle

function testProperties(subscribed: Subscribed, run: Run): void {
  test('properties arrive as they were sent [MQTT-3.3.2-17] [MQTT-3.3.2-18]', async () => {
    const sub = await subscribed('5', ['-t', 'properties', '--json', '-C', '1', '-W', '30'])
    const user = (key: string, value: string) => ['-D', 'publish', 'user-property', key, value]
    const sent = [...user('a', '1'), ...user('a', '2'), '-D', 'publish', 'content-type', 'text/plain']

    assert.equal(await run('pub', '5', ['-t', 'properties', '-m', 'x', '-q', '1', ...sent]).exitCode, 0)

    const { properties } = JSON.parse((await sub.stdout()).toString())
    assert.deepEqual(properties, {
      contentType: 'text/plain',
      userProperties: [
        ['a', '1'],
        ['a', '2'],
      ],
    })
  })
}

function testQoS2({ exitCode, said }: NonNullable<BrokerKind['answerToQoS2']>, run: Run): void {
  test(`no QoS 2: pub -q 2 ends with ${exitCode} and says so`, async () => {
    const pub = run('pub', 'auto', ['-t', 'a', '-m', 'b', '-q', '2'])

    assert.equal(await pub.exitCode, exitCode)
    assert.match(await pub.stderr(), said)
  })
}
