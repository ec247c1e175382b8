import assert from 'node:assert/strict'
import { cpus } from 'node:os'
import { describe, test } from 'node:test'
import { assertRan, benchRun } from '../../support/bench/bench-run.ts'
import { startSlowBroker } from '../../support/bench/slow-broker.ts'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const short = ['--rate', '200', '--duration', '0.3', '--warmup', '0', '-q', '1', '--quiet']

describe('what a result says of its circumstances', () => {
  test('settings, machine, and the broker by its own words', { skip: mosquittoMissing() }, async () => {
    const broker = await startMosquitto()
    const run = await benchRun([...broker.flags, ...short, '-V', '5'])
    await broker.stop()

    assertRan(run)
    const { fingerprint, brokerStartedAt = '' } = run.result
    assert.equal(fingerprint?.settings.load, '200/s uniform')
    assert.equal(fingerprint?.settings.qos, 1)
    assert.equal(fingerprint?.settings.end, '0.3 s')
    assert.equal(fingerprint?.machine.cpu, cpus()[0]?.model.trim() ?? 'unknown')
    assert.equal(fingerprint?.machine.node, process.version)
    assert.match(String(fingerprint?.broker.version), /^mosquitto version \d/)
    assert.match(String(fingerprint?.broker.connack), /topicAliasMaximum=10/)
    assert.ok(Math.abs(Date.parse(brokerStartedAt) - Date.parse(run.result.startedAt)) < 60_000)
  })

  test('who is asked is nobody of the load, and a broker that answers nothing of it holds up nobody', async () => {
    const broker = await startRelayBroker()
    const run = await benchRun(['-p', String(broker.port), ...short])
    await broker.close()

    assertRan(run)
    assert.equal(run.result.connect.attempted, 2)
    assert.equal(run.result.fingerprint?.broker.version, undefined)
    assert.equal(run.result.brokerStartedAt, undefined)
  })

  test('--ruler: how fast this machine is against a sink of its own, before and after, and how far apart', async () => {
    const broker = await startSlowBroker()
    const run = await benchRun([...broker.flags, ...short, '--ruler', '0.3'])
    broker.close()

    assertRan(run)
    const { ruler, messages } = run.result
    assert.ok(ruler !== undefined && ruler.before > 0 && ruler.after > 0)
    assert.equal(ruler.seconds, 0.3)
    assert.equal(ruler.drift, Math.abs(ruler.after / ruler.before - 1))
    assert.equal(messages?.sent, 60, 'what it sent is in no figure of the load')
    assert.equal(broker.taken, 60)
  })
})
