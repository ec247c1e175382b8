import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ForeignMessage, foreignClients } from '../support/clients/foreign-clients.ts'
import { type CliHandle, runCli } from '../support/program/run-cli.ts'

const levels = [0, 1, 2] as const
const versionNames = { 4: '3.1.1', 5: '5' } as const

/** The broker as a process of its own; `-v` tells when a subscription stands. */
async function startBroker(): Promise<{ broker: CliHandle; port: number }> {
  const broker = runCli(['broker', '-p', '0', '-v'], { timeLimitMs: 120_000 })
  const [, port] = await broker.whenStdout(/:(\d+)\n/)
  return { broker, port: Number(port) }
}

for (const client of foreignClients) {
  describe(`${client.name}, mqtt-cli and mqtt-cli broker`, { skip: client.missing ?? false }, () => {
    let port = 0
    let broker: CliHandle | undefined
    before(async () => {
      ;({ broker, port } = await startBroker())
    })
    after(() => broker?.kill('SIGKILL'))

    for (const version of [4, 5] as const) {
      const own = () => ['-p', String(port), '-V', versionNames[version]]
      const topicFor = (direction: string) => `${direction}/${client.name}/${version}`

      test(`what ${client.name} publishes at ${versionNames[version]}, mqtt-cli sub prints`, async () => {
        const topic = topicFor('theirs')
        const sub = runCli(['sub', topic, ...own(), '-q', '2', '-C', '3', '-F', '%t %q %p', '--trace'])
        await sub.whenStderr(/SUBACK/)

        for (const qos of levels) {
          const message: ForeignMessage = { version, port, topic, qos, retain: false, payload: `payload ${qos}` }
          await client.publish(message)
        }

        const lines = levels.map((qos) => `${topic} ${qos} payload ${qos}\n`)
        assert.equal((await sub.stdout()).toString(), lines.join(''))
        assert.equal(await sub.exitCode, 0)
      })

      test(`what mqtt-cli pub sends at ${versionNames[version]}, ${client.name} receives`, async () => {
        const topic = topicFor('ours')
        const receiving = client.subscribe({ version, port, topic, qos: 2 }, levels.length)
        await broker?.whenStderr(new RegExp(`subscribed "${topic}"`))

        for (const qos of levels) {
          const pub = runCli(['pub', topic, `payload ${qos}`, ...own(), '-q', String(qos)])
          assert.equal(await pub.exitCode, 0, await pub.stderr())
        }

        assert.deepEqual(
          await receiving,
          levels.map((qos) => `${topic} ${qos} 0 payload ${qos}`),
        )
      })
    }
  })
}
