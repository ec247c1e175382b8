import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openTransport } from '../../../src/connection/transport/open-transport.ts'
import { TcpEnds } from '../program/running-proxy.ts'
import { startTerminator } from './terminator.ts'
import { Collected, patientDeadline, stalled } from './transport-harness.ts'
import { transportTable } from './transport-table.ts'

for (const transport of Object.values(transportTable)) {
  describe(`a server of TCP, reached over ${transport.name}`, () => {
    test('gets every byte, answers, and sees the end', async () => {
      await using ends = await reached(transport)
      const { client, collected, server } = await ends.open()

      client.write(Buffer.from('c000', 'hex'))
      const arrived = await server.bytes(2)
      server.send('d000')
      await collected.until(({ byteCount }) => byteCount === 2)
      client.end()
      await server.until(({ hasFin }) => hasFin, 'FIN')

      assert.equal(arrived.toString('hex'), 'c000')
      assert.equal(collected.bytes.toString('hex'), 'd000')
    })

    test('waits when the client does not read', async () => {
      await using ends = await reached(transport)
      const { client, collected, server } = await ends.open()
      const bytes = Buffer.alloc(32_000_000, 'x')

      client.pause()
      server.socket.write(bytes)
      await stalled(server.socket)
      const heldBack = server.socket.writableLength
      client.resume()
      await collected.until(({ byteCount }) => byteCount === bytes.length)

      assert.ok(heldBack > 0)
    })

    test('closes the client when it resets', async () => {
      await using ends = await reached(transport)
      const { collected, server } = await ends.open()

      server.socket.resetAndDestroy()
      await collected.closed()

      assert.equal(collected.closes.length, 1)
    })
  })
}

async function reached(transport: Parameters<typeof startTerminator>[1]) {
  const servers = await TcpEnds.listen()
  const terminator = await startTerminator(servers.port, transport)
  const open = async () => {
    const { target, tls } = terminator
    const { transport: client } = await openTransport({ target, tls, noDelay: true }, patientDeadline())
    const collected = new Collected(client)
    return { client, collected, server: await servers.accepted() }
  }
  const close = async () => {
    terminator.close()
    servers.close()
  }
  return { open, [Symbol.asyncDispose]: close }
}
