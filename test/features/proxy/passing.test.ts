import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { freePort } from '../../support/network/free-port.ts'
import { resetConnection } from '../../support/network/reset-connection.ts'
import { startProxy, TcpEnd, TcpEnds, throughProxy } from '../../support/program/running-proxy.ts'
import { stalled, transportSettings } from '../../support/transports/transport-harness.ts'

const aPuback = { types: ['puback'], topics: [], which: { share: 'all' } } as const
const connect = '10 0e 0004 4d515454 04 02 003c 0002 6331'
const connack = '20 02 00 00'
const publish = '30 06 0003 612f62 78'

describe('bytes', () => {
  for (const isBlind of [true, false]) {
    test(`pass both ways as they are, ${isBlind ? 'unseen' : 'and are read beside'}`, async () => {
      const { client, server, proxy, stop } = await throughProxy({ isBlind })

      client.send(`${connect} ${publish}`)
      const toServer = await server.bytes(24)
      server.send(connack)
      const toClient = await client.bytes(4)
      await stop()

      assert.equal(toServer.toString('hex'), `${connect}${publish}`.replace(/ /g, ''))
      assert.equal(toClient.toString('hex'), '20020000')
      const types = proxy.packets().map(({ packet }) => packet?.type)
      assert.deepEqual(types, isBlind ? [] : ['connect', 'publish', 'connack'])
    })
  }

  test('that are no MQTT pass untouched, and are named', async () => {
    const { client, server, proxy, stop } = await throughProxy()
    const garbage = 'ff ff ff ff ff 01 02 03'

    client.send(garbage)
    client.send('04 05')
    const received = await server.bytes(10)
    await stop()

    assert.equal(received.toString('hex'), 'ffffffffff0102030405')
    const [packet] = proxy.packets()
    assert.ok(packet?.violations.some(({ message }) => message.includes('fifth byte')))
  })

  for (const [what, hex, faults] of [
    ['type 0', '00', []],
    ['type 15 below MQTT 5', 'f0', []],
    ['type 0, with faults to look for', '00', [{ text: 'x', effect: { fault: 'drop' }, target: aPuback }]],
    [
      'type 15 below MQTT 5, with faults to look for',
      'f0',
      [{ text: 'x', effect: { fault: 'drop' }, target: aPuback }],
    ],
  ] as const) {
    test(`of ${what} are named at the first one, and wait for no end`, async () => {
      const { client, server, proxy, stop } = await throughProxy({ faults })

      client.send(`${connect} ${hex}`)
      const received = await server.bytes(17)
      await stop()

      assert.equal(received.at(-1), Number(`0x${hex}`))
      assert.equal(proxy.packets()[1]?.violations[0]?.rule, '[MQTT3.1.1 §2.2.1]')
    })
  }

  test('that come one at a time pass one at a time', async () => {
    const { client, server, proxy, stop } = await throughProxy()
    const bytes = Buffer.from(`${connect}${publish}`.replace(/ /g, ''), 'hex')

    for (const [index, byte] of bytes.entries()) {
      client.socket.write(Buffer.from([byte]))
      await server.bytes(index + 1) // before the next one is sent: nothing is held back
    }
    await stop()

    assert.deepEqual(
      proxy.packets().map(({ packet }) => packet?.type),
      ['connect', 'publish'],
    )
  })
})

describe('the end of a connection', () => {
  for (const isBlind of [true, false]) {
    const how = isBlind ? 'unseen' : 'watched'

    test(`is passed on as a half: the client has finished, the server goes on (${how})`, async () => {
      const { client, server, stop } = await throughProxy({ isBlind })

      client.send(connect)
      client.socket.end()
      await server.until(({ hasFin }) => hasFin, 'FIN')
      server.send(connack)
      await client.bytes(4)
      const wasOpen = !client.hasFin
      server.socket.end()
      await client.until(({ isClosed }) => isClosed, 'the close')
      await stop()

      assert.equal(wasOpen, true)
      assert.equal(server.receivedBytes, 16)
    })

    test(`is passed on as a half: the server has finished, the client goes on (${how})`, async () => {
      const { client, server, stop } = await throughProxy({ isBlind })

      server.socket.end()
      await client.until(({ hasFin }) => hasFin, 'FIN')
      client.send(connect)
      await server.bytes(16)
      const wasOpen = !server.hasFin
      client.socket.end()
      await server.until(({ isClosed }) => isClosed, 'the close')
      await stop()

      assert.equal(wasOpen, true)
    })

    test(`is passed on as a reset, both ways (${how})`, async () => {
      for (const from of ['client', 'server'] as const) {
        const pair = await throughProxy({ isBlind })
        const other = from === 'client' ? pair.server : pair.client
        pair.client.send(connect)
        await pair.server.bytes(16)

        resetConnection(pair[from].socket)
        await other.until(({ isClosed }) => isClosed, 'the reset')
        await pair.stop()

        assert.equal(other.errorCode, 'ECONNRESET', from)
        assert.equal(other.hasFin, false, from)
      }
    })
  }

  test('tells who ended it and how much had come', async () => {
    const { client, server, proxy, stop } = await throughProxy()
    client.send(connect)
    await server.bytes(16)
    client.socket.end()
    server.socket.end()
    const closed = await proxy.when('closed')
    await stop()

    const { by, isAbrupt, clientBytes, serverBytes } = closed
    assert.deepEqual([by, isAbrupt, clientBytes, serverBytes], ['client', false, 16, 0])
  })

  test('shows what is there of a packet whose end never came', async () => {
    const { client, server, proxy, stop } = await throughProxy()

    client.send(`${connect} 30 06 0003`)
    client.socket.end()
    server.socket.end()
    await proxy.when('closed')
    await stop()

    const [, half] = proxy.packets()
    assert.equal(half?.wire.toString('hex'), '30060003')
    assert.match(half?.violation?.message ?? '', /2 bytes follow/)
    assert.equal(server.receivedBytes, 20)
  })
})

/** 32 MB: more than the kernel holds at both ends. */
function manyPublishes(): Buffer {
  const publish = Buffer.concat([Buffer.from('30e807000161', 'hex'), Buffer.alloc(997, 'x')])
  return Buffer.alloc(32_000 * publish.length, publish)
}

describe('backpressure', () => {
  for (const isBlind of [true, false]) {
    for (const from of ['client', 'server'] as const) {
      test(`a ${from} waits when the other side does not read (${isBlind ? 'unseen' : 'watched'})`, async () => {
        const pair = await throughProxy({ isBlind })
        const [sender, receiver] = from === 'client' ? [pair.client, pair.server] : [pair.server, pair.client]
        const bytes = manyPublishes()
        receiver.socket.pause()

        sender.socket.write(bytes)
        const waiting = sender.socket
        await stalled(waiting)
        const heldBack = waiting.writableLength
        receiver.socket.resume()
        await receiver.until(({ receivedBytes }) => receivedBytes === bytes.length, 'all bytes')
        await pair.stop()

        assert.ok(heldBack > 0)
        assert.ok(receiver.received.equals(bytes))
      })
    }
  }

  test('a client waits when what is told is not taken', async () => {
    let isBehind = false
    const waiting: (() => void)[] = []
    const pace = {
      get isBehind() {
        return isBehind
      },
      onceCaughtUp: (resume: () => void) => waiting.push(resume),
    }
    const { client, server, stop } = await throughProxy({}, { pace })
    client.send(connect)
    await server.bytes(16)
    const bytes = manyPublishes()

    isBehind = true
    client.socket.write(bytes)
    await stalled(client.socket)
    const heldBack = client.socket.writableLength
    isBehind = false
    for (const resume of waiting) resume()
    await server.until(({ receivedBytes }) => receivedBytes === bytes.length + 16, 'all bytes')
    await stop()

    assert.ok(heldBack > 0)
  })
})

describe('a broker that cannot be reached', () => {
  test('costs the client its connection, is named, and the proxy lives on', async () => {
    const port = await freePort()
    const proxy = await startProxy(port)
    const first = await TcpEnd.connect(proxy.port)
    await first.until(({ hasFin, isClosed }) => hasFin || isClosed, 'the end')
    first.socket.destroy()
    const { error } = await proxy.when('unreachable')
    const second = await TcpEnd.connect(proxy.port)
    await proxy.when('unreachable', 2)
    second.socket.destroy()
    await proxy.stop()

    assert.equal(error.kind, 'unreachable')
    assert.match(error.message, /ECONNREFUSED/)
  })
})

test('a client that leaves while the broker is being reached is noticed', async () => {
  const ends = await TcpEnds.listen() // which never answers the handshake of TLS
  const proxy = await startProxy(transportSettings({ transport: 'tls', host: '127.0.0.1', port: ends.port }))
  const client = await TcpEnd.connect(proxy.port)
  const server = await ends.accepted()

  client.socket.end()
  await server.until(({ hasFin, isClosed }) => hasFin || isClosed, 'the end')
  await client.until(({ isClosed }) => isClosed, 'the end')
  await proxy.stop()
  ends.close()
})

describe('the reporter', () => {
  test('is one of each client, over all of its connections', async () => {
    const { client, server, proxy, ends, stop } = await throughProxy()
    client.send(`${connect} 32 08 0003 612f62 0001 78`)
    await server.bytes(26)
    client.socket.end()
    server.socket.end()
    await proxy.when('closed')
    const again = await TcpEnd.connect(proxy.port)
    const other = await TcpEnd.connect(proxy.port)
    again.send('10 0e 0004 4d515454 04 00 003c 0002 6331 3a 08 0003 612f62 0001 78')
    other.send('10 0e 0004 4d515454 04 02 003c 0002 6332')
    await (await ends.accepted(2)).until(({ receivedBytes }) => receivedBytes > 0, 'bytes')
    await (await ends.accepted(3)).until(({ receivedBytes }) => receivedBytes > 0, 'bytes')
    again.socket.destroy()
    other.socket.destroy()
    const events = await stop()

    const summaries = events.flatMap((event) => (event.event === 'summary' ? [event.of] : []))
    const told = summaries.map(({ clientId, connections }) => [clientId, connections])
    assert.deepEqual(told.sort(), [
      ['c1', 2],
      ['c2', 1],
    ])
    const sent = proxy.packets().filter(({ packet }) => packet?.type === 'publish')
    assert.deepEqual(
      sent.map(({ facts }) => facts.map(({ kind }) => kind)),
      [['publish-started'], ['duplicate']],
    )
  })

  test('comes once, also when clients are still connected', async () => {
    const { client, server, stop } = await throughProxy()
    client.send(connect)
    await server.bytes(16)

    const events = await stop()

    assert.equal(events.filter(({ event }) => event === 'summary').length, 1)
    assert.equal(events.at(-1)?.event, 'summary')
  })

  for (const who of ['the client', 'the proxy'] as const) {
    test(`of a packet in the middle of which ${who} ends the connection, ${who === 'the proxy' ? 'nobody' : 'it'} is accused`, async () => {
      const { client, server, proxy, stop } = await throughProxy()
      client.send(`${connect} 32 08 0003 61`)
      await server.bytes(21)
      if (who === 'the client') {
        client.socket.end()
        server.socket.end()
        await proxy.when('closed')
      }

      const events = await stop()

      const [summary] = events.flatMap((event) => (event.event === 'summary' ? [event.of.summary] : []))
      assert.equal(proxy.packets().at(-1)?.bytes, 5)
      assert.equal(
        summary?.violations.some(({ by }) => by === 'client'),
        who === 'the client',
      )
    })
  }
})
