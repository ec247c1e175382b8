import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { WebSocket } from 'ws'
import { resetConnection } from '../network/reset-connection.ts'
import { type ScriptedBroker, type ScriptedBrokerOptions, startScriptedBroker } from './scripted-broker.ts'
import type { Step } from './scripted-connection.ts'

const CONNECT = Buffer.from('101000044d5154540402003c000461626364', 'hex')
const PUBLISH_QOS_1 = Buffer.from('32070001610007 6869'.replace(' ', ''), 'hex')

async function start(t: TestContext, scripts: Step[][], options?: ScriptedBrokerOptions): Promise<ScriptedBroker> {
  const broker = await startScriptedBroker(scripts, options)
  t.after(broker.close)
  return broker
}

async function client(t: TestContext, broker: ScriptedBroker): Promise<Socket> {
  const socket = connect(broker.port, '127.0.0.1').on('error', () => {})
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** Resolves with whether it ended by an error. */
function closed(socket: Socket): Promise<boolean> {
  return new Promise((resolve) =>
    socket
      .on('error', () => {})
      .once('close', resolve)
      .resume(),
  )
}

test('plays its bytes after what it expects, and records what came, packet by packet', async (t) => {
  const echoId = (publish: Buffer) => Buffer.from([0x40, 2, publish[5] ?? 0, publish[6] ?? 0])
  const script: Step[] = [{ expect: 'connect' }, { send: '20 02 00 00' }, { expect: 'publish' }, { send: echoId }]
  const broker = await start(t, [script])
  const socket = await client(t, broker)

  for (const byte of CONNECT) socket.write(Buffer.from([byte]))
  const [connack] = await once(socket, 'data')
  socket.write(PUBLISH_QOS_1)
  const [puback] = await once(socket, 'data')
  await broker.connections[0]?.scriptDone

  assert.equal(connack.toString('hex'), '20020000')
  assert.equal(puback.toString('hex'), '40020007')
  assert.deepEqual(broker.received(0), Buffer.concat([CONNECT, PUBLISH_QOS_1]))
  assert.deepEqual(broker.connections[0]?.receivedTypes, ['connect', 'publish'])
})

test('a packet that was not expected fails the script, by name', async (t) => {
  const broker = await start(t, [[{ expect: 'connect' }]])
  const socket = await client(t, broker)

  socket.write(Buffer.from('c000', 'hex'))
  const connection = await broker.connection(0)

  await assert.rejects(connection.scriptDone, /step 1.*expected connect, and pingreq came/)
})

test('passes over packets until the one that it waits for', async (t) => {
  const broker = await start(t, [[{ skipTo: 'publish' }, { send: 'd000' }]])
  const socket = await client(t, broker)

  socket.write(Buffer.concat([CONNECT, Buffer.from('c000', 'hex'), PUBLISH_QOS_1]))
  const [answer] = await once(socket, 'data')

  assert.equal(answer.toString('hex'), 'd000')
})

test('closes by FIN or by RST, as the script says, and each connection has its own script', async (t) => {
  const broker = await start(t, [[{ close: 'fin' }], [{ close: 'rst' }]])

  const firstHadError = await closed(connect(broker.port, '127.0.0.1'))
  const secondHadError = await closed(connect(broker.port, '127.0.0.1'))

  assert.deepEqual([firstHadError, secondHadError], [false, true])
})

test('a connection without a script is dropped and counted', async (t) => {
  const broker = await start(t, [])

  await closed(connect(broker.port, '127.0.0.1'))

  assert.equal(broker.unexpected, 1)
})

test('tells how the client ended', async (t) => {
  const broker = await start(t, [[{ wait: 'client-close' }], [{ wait: 'client-close' }]])
  const polite = await client(t, broker)
  const rude = await client(t, broker)

  polite.end()
  resetConnection(rude)

  assert.equal(await (await broker.connection(0)).whenClosed(), 'fin')
  assert.equal(await (await broker.connection(1)).whenClosed(), 'rst')
})

test('plays the same script over WebSocket, a send to a frame', async (t) => {
  const script: Step[] = [{ expect: 'connect' }, { send: '20' }, { send: '020000' }, { sendText: 'no' }]
  const broker = await start(t, [script], { websocket: 'mqtt' })
  const websocket = new WebSocket(`ws://127.0.0.1:${broker.port}/`, 'mqtt')
  const frames: string[] = []
  websocket.on('message', (data, isBinary) => frames.push(`${isBinary} ${(data as Buffer).toString('hex')}`))
  await once(websocket, 'open')

  websocket.send(CONNECT)
  await (await broker.connection(0)).scriptDone
  while (frames.length < 3) await once(websocket, 'message')

  assert.deepEqual(frames, ['true 20', 'true 020000', 'false 6e6f'])
  assert.deepEqual(broker.received(0), CONNECT)
})
