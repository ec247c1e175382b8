import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { serves } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import { writeCertificates } from '../../support/transports/certificates.ts'

const certificates = writeCertificates(temporaryFolder())
const { cert, key } = certificates.issued.server
const tls = { cert, key }
const websocket = 'mqtt'

const ways = [
  { scheme: 'mqtt', options: {}, steps: ['DNS', 'TCP', 'CONNACK', 'SUBACK'] },
  { scheme: 'mqtts', options: { tls }, steps: ['DNS', 'TCP', 'TLS', 'CONNACK', 'SUBACK'] },
  { scheme: 'ws', options: { websocket }, steps: ['DNS', 'TCP', 'WebSocket', 'CONNACK', 'SUBACK'] },
  { scheme: 'wss', options: { tls, websocket }, steps: ['DNS', 'TCP', 'TLS', 'WebSocket', 'CONNACK', 'SUBACK'] },
] as const

interface Step {
  readonly step: string
  readonly startMicroseconds: number
  readonly endMicroseconds: number
}

/** The steps of the opening as records, then as rows of the waterfall. */
async function waterfall({ scheme, options }: (typeof ways)[number]): Promise<[Step[], string[]]> {
  const script = serves(5, '30 05 0001 61 00 78')
  const broker = await startScriptedBroker([script, script], options)
  try {
    const url = `${scheme}://localhost:${broker.port}`
    const trust = 'tls' in options ? ['--cafile', certificates.caFile] : []
    const args = ['inspect', 'a', '-L', url, '-V', '5', '-C', '1', ...trust]
    const [records, rows] = [runCli([...args, '--json']), runCli(args)]
    const [opening = ''] = (await records.stdout()).toString().split('\n')
    return [JSON.parse(opening).steps, (await rows.stdout()).toString().split('\n\n')[0]?.split('\n') ?? []]
  } finally {
    broker.close()
  }
}

describe('the waterfall', { concurrency: true }, () => {
  for (const way of ways) {
    test(`over ${way.scheme}: ${way.steps.join(', ')}, each begins where its way was free and ends later`, async () => {
      const [steps, rows] = await waterfall(way)

      assert.deepEqual(
        steps.map(({ step }) => step),
        way.steps,
      )
      for (const [index, step] of steps.entries()) {
        const before = steps[index - 1]?.endMicroseconds ?? 0
        assert.ok(step.startMicroseconds >= before, `${step.step} begins before the step above it ended`)
        assert.ok(step.endMicroseconds > step.startMicroseconds, `${step.step} takes no time`)
      }
      assert.deepEqual(
        rows.map((row) => row.split(' ')[0]),
        way.steps,
      )
    })
  }
})
