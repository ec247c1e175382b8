import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import {
  accepts,
  endOf,
  grants,
  messagesIn,
  pingresp,
  runAgainst,
  serves,
} from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'

/** Two bytes of the header and four of the eight that it declares: half of `a` with the payload `good`. */
const halfPublish = '30 08 0001 61 00'
const goodPublish = '30 08 0001 61 00 676f6f64'

describe('a packet that begins and does not end', { concurrency: 4 }, () => {
  test('fault 4: cut off by the end of the connection it is named, and without reconnecting the exit is 5', async (t) => {
    const broker = await startScriptedBroker([[...serves(5, goodPublish + halfPublish), { close: 'fin' }]])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '5', '--reconnect-for', '0']))

    assert.equal(end.exitCode, 5)
    assert.deepEqual(end.error.facts?.unfinished, { packet: 'publish', declaredBytes: 10, receivedBytes: 6 })
    assert.deepEqual(messagesIn(end), ['a good'])
  })

  test('fault 4: it is forgotten on the next connection, where the message comes whole', async (t) => {
    const broker = await startScriptedBroker([[...serves(5, halfPublish), { close: 'fin' }], serves(5, goodPublish)])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '5', '-C', '1']))

    assert.equal(end.exitCode, 0)
    assert.deepEqual(messagesIn(end), ['a good'])
    assert.equal(broker.connections.length, 2)
  })

  test('fault 4: followed by silence it ends with the keep alive, at 1 s within 2.5 s', async (t) => {
    const broker = await startScriptedBroker([[...serves(5, halfPublish), { wait: 'client-close' }]])
    t.after(broker.close)

    const run = runAgainst(broker, ['sub', 'a', '-V', '5', '-k', '1', '--reconnect-for', '0'])
    const connection = await broker.connection(0)
    await connection.whenPacket('subscribe')
    const startMs = performance.now()
    await connection.whenClosed()
    const elapsedMs = performance.now() - startMs
    const end = await endOf(run)

    assert.equal(end.exitCode, 5)
    assert.equal(end.error.layer, 'keep alive')
    assert.ok(elapsedMs > 1000 && elapsedMs < 3000, `${elapsedMs} ms`)
    assert.deepEqual(connection.receivedTypes.slice(0, 3), ['connect', 'subscribe', 'pingreq'])
  })
})

describe('268,435,455 bytes that are declared and do not come', { concurrency: 4 }, () => {
  const giant = '30 ff ff ff 7f'

  test('fault 5: with --max-packet-size they are refused at the fixed header: 0x95, close, 6', async (t) => {
    const broker = await startScriptedBroker([[...serves(5, giant), { wait: 'client-close' }]])
    t.after(broker.close)

    const run = runAgainst(broker, ['sub', 'a', '-V', '5', '--max-packet-size', '1MiB'])
    const connection = await broker.connection(0)
    await connection.whenClosed()
    const end = await endOf(run)

    assert.equal(end.exitCode, 6)
    assert.deepEqual([end.error.statement, end.error.reasonCode, end.error.offset], ['[MQTT-3.1.2-24]', 0x95, 1])
    assert.equal(connection.packets.at(-1)?.bytes.toString('hex'), 'e0029500')
    assert.match(connection.packets[0]!.bytes.toString('hex'), /2700100000/) // Maximum Packet Size 1,048,576
  })

  test('fault 5: below MQTT 5 the cap is local, and says so', async (t) => {
    const broker = await startScriptedBroker([[...serves(4, giant), { wait: 'client-close' }]])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '311', '--max-packet-size', '1MiB']))

    assert.equal(end.exitCode, 6)
    assert.equal(end.error.statement, '[local limit]')
  })

  const noProc = process.platform === 'linux' ? undefined : 'memory is read from /proc'
  test('fault 5: without it memory grows by less than 8 MB until bytes come', { skip: noProc }, async (t) => {
    const withPuback = '32 07 0001 61 0001 00 62'
    const broker = await startScriptedBroker([
      [...accepts(5), ...grants(5, '01', withPuback), { expect: 'puback' }, { wait: 'client-close' }],
    ])
    t.after(broker.close)
    const run = runAgainst(broker, ['sub', 'a', '-q', '1', '-V', '5', '-k', '1'])
    const connection = await broker.connection(0)
    await connection.whenPacket('puback')
    const beforeKb = peakMemoryKb(run.child.pid)

    connection.send(`${giant} 0001 61 00 62`)
    await connection.whenPacket('pingreq') // a turn of the event loop later at least
    connection.send(Buffer.alloc(64 * 1024))
    await connection.whenPacket('pingreq', 2)
    const growthKb = peakMemoryKb(run.child.pid) - beforeKb
    run.kill()

    assert.ok(growthKb < 8 * 1024, `${growthKb} kB`)
    assert.equal(await run.exitCode, 143)
  })
})

/** Resident set at its highest. */
function peakMemoryKb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1])
}

test('fault 4: a peer that answers each PINGREQ and says nothing else is alive', async (t) => {
  const answered = [{ expect: 'pingreq' }, { send: pingresp }] as const
  const broker = await startScriptedBroker([
    [...serves(5), ...answered, ...answered, ...answered, { send: goodPublish }],
  ])
  t.after(broker.close)

  const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '5', '-k', '1', '-C', '1']))

  assert.equal(end.exitCode, 0)
  assert.equal(broker.connections.length, 1)
})
