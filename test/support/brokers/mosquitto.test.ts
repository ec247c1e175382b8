import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from './mosquitto.ts'

describe('startMosquitto', { skip: mosquittoMissing() }, () => {
  test('accepts a connection as soon as it resolves, and none after stop', async () => {
    const broker = await startMosquitto()

    assert.equal(await answersConnect(broker.port), true)
    await broker.stop()
    assert.equal(await answersConnect(broker.port), false)
  })

  test('comes back on the same port, as another process, after stop and after kill', async () => {
    const broker = await startMosquitto({ persistence: true })
    const firstPid = broker.pid

    await broker.restart()
    const secondPid = broker.pid
    await broker.kill()
    await broker.restart()

    assert.equal(new Set([firstPid, secondPid, broker.pid]).size, 3)
    assert.equal(await answersConnect(broker.port), true)
    await broker.stop()
  })

  test('lets the given configuration refuse anonymous clients', async () => {
    const broker = await startMosquitto({ config: 'allow_anonymous false' })

    assert.equal(await connackCode(broker.port), 5) // [MQTT3.1.1 §3.2.2.3] not authorized
    await broker.stop()
  })
})

async function answersConnect(port: number): Promise<boolean> {
  return (await connackCode(port)) === 0
}

/** Sends the smallest CONNECT of 3.1.1 and returns the return code, or undefined when nobody listens. */
function connackCode(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', async () => {
      socket.write(Buffer.from('100c00044d5154540402003c0000', 'hex'))
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      socket.destroy()
      resolve(bytes[3])
    })
    socket.once('error', () => resolve(undefined))
    socket.once('close', () => resolve(undefined))
    socket.setTimeout(2000, () => socket.destroy())
  })
}
