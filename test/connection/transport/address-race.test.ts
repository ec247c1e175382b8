import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { type TestContext, test } from 'node:test'
import { RaceLost, raceAddresses } from '../../../src/connection/transport/address-race.ts'
import { type Address, alternateFamilies } from '../../../src/connection/transport/addresses.ts'
import { openTransport } from '../../../src/connection/transport/open-transport.ts'
import { MqttCliError } from '../../../src/errors.ts'
import { freePort, listen } from '../../support/network/free-port.ts'
import { silentListenerMissing, startSilentListener } from '../../support/network/silent-listener.ts'
import { patientDeadline, transportSettings } from '../../support/transports/transport-harness.ts'

const noIPv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1')
  ? undefined
  : 'this machine has no ::1'

const v4 = (ip: string): Address => ({ ip, family: 4 })

async function serve(t: TestContext, host: string): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}))
  t.after(() => server.close())
  return listen(server, host)
}

/** Connects each address to a port of its own. */
const dial = (ports: Readonly<Record<string, number>>) => (address: Address) =>
  connect(ports[address.ip] as number, address.ip)

test('fault 38: the first address refuses, the next is taken', async (t) => {
  const port = await serve(t, '127.0.0.2')

  const { socket, address } = await raceAddresses(
    [v4('127.0.0.1'), v4('127.0.0.2')],
    dial({ '127.0.0.1': await freePort(), '127.0.0.2': port }),
    patientDeadline(),
  )

  assert.equal(address.ip, '127.0.0.2')
  socket.destroy()
})

test('fault 38: the first address is silent, the next is taken, bounded', {
  skip: silentListenerMissing,
}, async (t) => {
  const silent = await startSilentListener()
  t.after(silent.close)
  const port = await serve(t, '127.0.0.2')
  const began = performance.now()

  const { socket, address } = await raceAddresses(
    [v4('127.0.0.1'), v4('127.0.0.2')],
    dial({ '127.0.0.1': silent.port, '127.0.0.2': port }),
    patientDeadline(),
  )

  assert.equal(address.ip, '127.0.0.2')
  assert.ok(performance.now() - began < 5000)
  socket.destroy()
})

test('fault 38: IPv6 first, where nobody listens', { skip: noIPv6 }, async (t) => {
  const port = await serve(t, '127.0.0.1')

  const { socket, address } = await raceAddresses(
    [{ ip: '::1', family: 6 }, v4('127.0.0.1')],
    dial({ '::1': await freePort('::1'), '127.0.0.1': port }),
    patientDeadline(),
  )

  assert.equal(address.family, 4)
  socket.destroy()
})

test('fault 38: all addresses refuse, and each is named', async () => {
  const port = await freePort()

  const racing = raceAddresses(
    [v4('127.0.0.1'), v4('127.0.0.2')],
    dial({ '127.0.0.1': port, '127.0.0.2': port }),
    patientDeadline(),
  )

  await assert.rejects(racing, (error) => {
    assert.ok(error instanceof RaceLost)
    assert.deepEqual(
      error.attempts.map(({ at }) => at),
      ['127.0.0.1', '127.0.0.2'],
    )
    return true
  })
})

test('fault 38: every address is silent, and the deadline ends it', { skip: silentListenerMissing }, async (t) => {
  const silent = await startSilentListener()
  t.after(silent.close)
  const deadline = new AbortController()
  const reason = new MqttCliError('unreachable', 'no time left')
  const started: string[] = []

  const racing = raceAddresses(
    [v4('127.0.0.1'), v4('127.0.0.1')],
    (address) => {
      started.push(address.ip)
      if (started.length === 2) setImmediate(() => deadline.abort(reason))
      return connect(silent.port, address.ip)
    },
    deadline.signal,
  )

  await assert.rejects(racing, (error) => error === reason)
  assert.equal(started.length, 2)
})

test('fault 8: SYN is swallowed, and the deadline ends it with its own reason', {
  skip: silentListenerMissing,
}, async (t) => {
  const silent = await startSilentListener()
  t.after(silent.close)
  const deadline = new AbortController()
  const reason = new MqttCliError('unreachable', 'no time left')
  setTimeout(() => deadline.abort(reason), 100)

  const opening = openTransport(
    transportSettings({ transport: 'tcp', host: silent.host, port: silent.port }),
    deadline.signal,
  )

  await assert.rejects(opening, (error) => error === reason)
})

test('a deadline that has passed connects nowhere', async (t) => {
  const server = createServer()
  t.after(() => server.close())
  let accepted = 0
  server.on('connection', () => {
    accepted += 1
  })
  const port = await listen(server)
  const reason = new MqttCliError('unreachable', 'no time left')

  const opening = openTransport(
    transportSettings({ transport: 'tcp', host: '127.0.0.1', port }),
    AbortSignal.abort(reason),
  )

  await assert.rejects(opening, (error) => error === reason)
  assert.equal(accepted, 0)
})

test('the losers of the race are closed', { skip: silentListenerMissing }, async (t) => {
  const silent = await startSilentListener()
  t.after(silent.close)
  const port = await serve(t, '127.0.0.2')
  const sockets: ReturnType<typeof connect>[] = []

  const { socket } = await raceAddresses(
    [v4('127.0.0.1'), v4('127.0.0.2')],
    (address) => {
      const started = connect(address.ip === '127.0.0.1' ? silent.port : port, address.ip)
      sockets.push(started)
      return started
    },
    patientDeadline(),
  )
  const [loser] = sockets

  assert.equal(loser?.destroyed, true)
  assert.equal(socket.destroyed, false)
  socket.destroy()
  await once(socket, 'close')
})

test('families take turns, in the order of the resolver within each', () => {
  const six = (ip: string): Address => ({ ip, family: 6 })

  const order = alternateFamilies([six('::1'), six('::2'), six('::3'), v4('10.0.0.1'), v4('10.0.0.2')])

  assert.deepEqual(
    order.map(({ ip }) => ip),
    ['::1', '10.0.0.1', '::2', '10.0.0.2', '::3'],
  )
})
