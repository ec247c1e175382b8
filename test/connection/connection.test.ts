import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { exitCodeOf } from '../../src/command/exit-codes.ts'
import { Connection, type ConnectionOptions } from '../../src/connection/connection.ts'
import { leanDriver } from '../../src/connection/driver/drivers.ts'
import type { ConnectionSettings } from '../../src/connection/settings.ts'
import { MqttCliError } from '../../src/errors.ts'
import { connectionSettings } from '../support/connection/connection-settings.ts'
import { Changing, withPatience } from '../support/program/patience.ts'
import { accepts, connackWith, hexByte, resumingConnack } from '../support/scripted-broker/broker-steps.ts'
import { type ScriptedBroker, startScriptedBroker } from '../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../support/scripted-broker/scripted-connection.ts'

interface Session {
  readonly broker: ScriptedBroker
  readonly connection: Connection
  readonly stop: AbortController
  /** What the connection told: each standing session, each loss with its delay. */
  readonly told: string[]
  /** Resolves when that much was told. */
  whenTold(count: number): Promise<void>
  /** The exit code of how it ended, and the error; fails when it was closed. */
  failed(): Promise<MqttCliError>
}

/** A connection whose delays are all 0, unless `random` says otherwise, to a broker that plays these scripts. */
async function sessionWith(
  t: TestContext,
  scripts: readonly (readonly Step[])[],
  changes: Partial<ConnectionSettings> = {},
  options: Partial<ConnectionOptions> & { readonly otherwise?: readonly Step[] } = {},
): Promise<Session> {
  const { otherwise, ...rest } = options
  const broker = await startScriptedBroker(scripts, otherwise === undefined ? {} : { otherwise })
  t.after(broker.close)
  const stop = new AbortController()
  const told: string[] = []
  const changing = new Changing()
  const tell = (text: string) => {
    told.push(text)
    changing.changed()
  }
  const connection = new Connection({
    settings: connectionSettings(broker, changes),
    makeDriver: leanDriver,
    signal: stop.signal,
    random: () => 0,
    events: {
      connected: ({ isFirst, sessionPresent }) => tell(`${isFirst ? 'first' : 'again'} ${sessionPresent}`),
      reconnecting: ({ kind }, delayMs) => tell(`${kind} ${delayMs}`),
    },
    ...rest,
  })
  t.after(() => connection.abandon(new MqttCliError('lost', 'the test is over')))
  return {
    broker,
    connection,
    stop,
    told,
    whenTold: async (count) => {
      await changing.when(
        () => (told.length >= count ? true : undefined),
        () => `${count} things told; came: ${told}`,
      )
    },
    failed: async () => {
      const end = connection.finished.then(
        () => 'closed',
        (error: MqttCliError) => error,
      )
      const error = await withPatience(end, 'the end of the connection')
      if (typeof error === 'string') throw new Error('it was closed, and did not fail')
      return error
    },
  }
}

const stands: Step[] = [...accepts(5), { wait: 'client-close' }]

describe('a connection that is lost', () => {
  test('is followed by another, which says whether the session was kept', async (t) => {
    const cut: Step[] = [...accepts(5), { close: 'fin' }]
    const resumed: Step[] = [...accepts(5, resumingConnack[5]), { wait: 'client-close' }]
    const { connection, told, whenTold } = await sessionWith(t, [cut, resumed], { cleanStart: false })

    await connection.open()
    await whenTold(3)

    assert.deepEqual(told, ['first false', 'lost 0', 'again true'])
  })

  test('is the end where nobody reconnects', async (t) => {
    const { connection, failed, broker } = await sessionWith(t, [[...accepts(5), { close: 'rst' }]], {
      reconnect: { mode: 'never' },
    })

    await connection.open()

    assert.equal(exitCodeOf(await failed()), 5)
    assert.equal(broker.unexpected, 0)
  })

  test('is the end when nobody comes back in time, and that is a loss, not an unreachable broker', async (t) => {
    const session = await sessionWith(t, [[...accepts(5), { close: 'fin' }]], {
      reconnect: { mode: 'for', seconds: 0 },
    })
    await session.connection.open()
    session.broker.close()

    const error = await session.failed()

    assert.equal(exitCodeOf(error), 5)
  })

  test('keeps the identifier that the server assigned [MQTT-3.2.2-16]', async (t) => {
    const assigned = connackWith(`12 0003 ${Buffer.from('xyz').toString('hex')}`)
    const cut: Step[] = [...accepts(5, assigned), { close: 'fin' }]
    const { connection, broker, whenTold } = await sessionWith(t, [cut, stands], { clientId: '' })

    await connection.open()
    await whenTold(3)

    assert.equal(connection.clientId, 'xyz')
    assert.ok(broker.connections[1]?.packets[0]?.bytes.toString('hex').endsWith('000378797a'))
  })

  test('is followed by one of the version that was found, without asking for 5 again', async (t) => {
    const older: Step[] = [...accepts(4, '20 02 00 01'), { wait: 'client-close' }]
    const cut: Step[] = [...accepts(4), { close: 'fin' }]
    const { connection, broker, whenTold } = await sessionWith(
      t,
      [older, cut, [...accepts(4), { wait: 'client-close' }]],
      { version: 'auto' },
    )

    await connection.open()
    await whenTold(3)

    const levels = broker.connections.map(({ packets }) => packets[0]?.bytes[8])
    assert.deepEqual(levels, [5, 4, 4])
  })

  test('is not followed by another after a wish to stop, however long the delay', async (t) => {
    const session = await sessionWith(t, [[...accepts(5), { close: 'fin' }]], {}, { random: () => 1 })
    await session.connection.open()
    await session.whenTold(2)

    session.stop.abort(new MqttCliError('interrupted', 'stop'))
    await new Promise((resolve) => setImmediate(resolve))

    assert.deepEqual(session.told, ['first false', 'lost 2000'])
    assert.equal(session.broker.unexpected, 0)
  })
})

describe('DISCONNECT from the broker', () => {
  for (const code of [0x80, 0x83, 0x89, 0x8b, 0x8d, 0x96, 0x97, 0x9f, 0xa0]) {
    test(`fault 18: 0x${hexByte(code)} is followed by another connection`, async (t) => {
      const dismissed: Step[] = [...accepts(5), { send: `e0 01 ${hexByte(code)}` }, { wait: 'client-close' }]
      const { connection, told, whenTold } = await sessionWith(t, [dismissed, stands])

      await connection.open()
      await whenTold(3)

      assert.deepEqual(told, ['first false', 'refused 0', 'again false'])
    })
  }

  for (const code of [0x00, 0x81, 0x82, 0x87, 0x8e, 0x93, 0x98, 0x9c, 0x9d]) {
    test(`fault 18: 0x${hexByte(code)} is final: 4`, async (t) => {
      const dismissed: Step[] = [...accepts(5), { send: `e0 01 ${hexByte(code)}` }, { wait: 'client-close' }]
      const { connection, failed, broker } = await sessionWith(t, [dismissed])

      await connection.open()
      const error = await failed()

      assert.deepEqual([exitCodeOf(error), error.details.reasonCode], [4, code])
      assert.equal(broker.unexpected, 0)
    })
  }
})

describe('another client with our identifier', () => {
  for (const version of [4, 5] as const) {
    test(`fault 19: throws us out at ${version} a bounded number of times, told each time: 5, with advice`, async (t) => {
      const thrownOut: Step[] = [...accepts(version), { close: 'fin' }]
      const session = await sessionWith(t, [], { version }, { otherwise: thrownOut })

      await session.connection.open()
      const error = await session.failed()

      assert.equal(exitCodeOf(error), 5)
      assert.match(error.details.causes?.join() ?? '', /same client id/)
      assert.equal(session.broker.connections.length, 8)
      assert.deepEqual(
        session.told.filter((text) => text.startsWith('lost')),
        Array(7).fill('lost 0'),
      )
    })
  }
})

describe('a connection that is refused for now', () => {
  const later: Step[] = [...accepts(5, connackWith('', '88')), { wait: 'client-close' }]

  test('fault 16: is tried again, also when it is the first', async (t) => {
    const { connection, told } = await sessionWith(t, [later, later, stands])

    await connection.open()

    assert.deepEqual(told, ['refused 0', 'refused 0', 'first false'])
  })

  test('fault 16: is not tried again past its time: 4', async (t) => {
    const changes = { reconnect: { mode: 'for', seconds: 0.5 } } as const
    const { connection, broker } = await sessionWith(t, [later], changes, { random: () => 1 })

    await assert.rejects(connection.open(), (error) => exitCodeOf(error) === 4)
    assert.equal(broker.unexpected, 0)
  })

  test('fault 15: unlike one that is refused for good', async (t) => {
    const { connection, broker } = await sessionWith(t, [accepts(5, connackWith('', '87'))])

    await assert.rejects(connection.open(), (error) => exitCodeOf(error) === 4)
    assert.equal(broker.unexpected, 0)
  })

  test('the first connect is not tried again where nobody is', async (t) => {
    const session = await sessionWith(t, [])
    session.broker.close()

    await assert.rejects(session.connection.open(), (error) => exitCodeOf(error) === 3)
    assert.deepEqual(session.told, [])
  })
})

describe('the end that we mean', () => {
  const leaves: Step[] = [...accepts(5), { expect: 'disconnect' }, { wait: 'client-close' }]

  test('is DISCONNECT, and nothing behind it', async (t) => {
    const { connection, broker } = await sessionWith(t, [leaves])
    await connection.open()

    await connection.close()
    await connection.finished
    await broker.connections[0]?.whenClosed()

    assert.deepEqual(broker.connections[0]?.receivedTypes, ['connect', 'disconnect'])
  })

  test('ends a session of our own with Session Expiry 0, beside what the user wants said', async (t) => {
    const userProperties = [['k', 'v']] as const
    const changes = { endSessionOnClose: true, disconnectProperties: { userProperties } }
    const { connection, broker } = await sessionWith(t, [leaves], changes)
    await connection.open()

    await connection.close()
    await broker.connections[0]?.whenClosed()

    assert.equal(broker.connections[0]?.packets[1]?.bytes.toString('hex'), 'e00e000c11000000002600016b000176')
  })

  test('says nothing of properties below MQTT 5', async (t) => {
    const script: Step[] = [...accepts(4), { expect: 'disconnect' }, { wait: 'client-close' }]
    const { connection, broker } = await sessionWith(t, [script], { version: 4, endSessionOnClose: true })
    await connection.open()

    await connection.close()
    await broker.connections[0]?.whenClosed()

    assert.equal(broker.connections[0]?.packets[1]?.bytes.toString('hex'), 'e000')
  })

  test('is without DISCONNECT when it is abandoned', async (t) => {
    const { connection, broker, failed } = await sessionWith(t, [stands])
    await connection.open()

    connection.abandon(new MqttCliError('local-io', 'the disk is full'))
    const error = await failed()
    await broker.connections[0]?.whenClosed()

    assert.equal(error.kind, 'local-io')
    assert.deepEqual(broker.connections[0]?.receivedTypes, ['connect'])
  })
})

test('a wait for a ping fails when the connection goes first, and at once when it is gone', async (t) => {
  const script: Step[] = [...accepts(5), { expect: 'pingreq' }, { close: 'fin' }]
  const { connection, failed } = await sessionWith(t, [script], { reconnect: { mode: 'never' } })
  await connection.open()

  await assert.rejects(withPatience(connection.ping(), 'the ping'), { kind: 'lost' })
  await failed()
  await assert.rejects(withPatience(connection.ping(), 'the ping'), { kind: 'lost' })
})
