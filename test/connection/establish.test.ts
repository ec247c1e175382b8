import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { Advice } from '../../src/advice.ts'
import { asError, ConnackRefused } from '../../src/connection/connect-failures.ts'
import { leanDriver } from '../../src/connection/driver/drivers.ts'
import { establish } from '../../src/connection/establish.ts'
import type { Link } from '../../src/connection/link/link.ts'
import type { ConnectionSettings } from '../../src/connection/settings.ts'
import { MqttCliError } from '../../src/errors.ts'
import { connectionSettings } from '../support/connection/connection-settings.ts'
import { freePort } from '../support/network/free-port.ts'
import { worded, wordingOf } from '../support/program/worded.ts'
import { acceptingConnack, accepts, connackWith, resumingConnack } from '../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../support/scripted-broker/scripted-connection.ts'

interface Tried {
  /** The session, when there is one. */
  readonly version?: number
  readonly isAfterSilence?: true
  readonly error?: MqttCliError
  readonly failure?: unknown
  /** The protocol level in each CONNECT that came. */
  readonly levels: readonly number[]
}

/** Establishes against a broker that plays these scripts, and ends what it got. */
async function tryWith(
  t: TestContext,
  scripts: readonly (readonly Step[])[],
  { note, ...changes }: Partial<ConnectionSettings> & { readonly note?: (advice: Advice) => void } = {},
  mayResume = false,
): Promise<Tried> {
  const broker = await startScriptedBroker(scripts)
  t.after(broker.close)
  const levels = () => broker.connections.map(({ packets }) => protocolLevel(packets[0]?.bytes))
  const settings = connectionSettings(broker.port, { version: 'auto', ...changes })
  const options = {
    settings,
    makeDriver: leanDriver,
    version: settings.version,
    clientId: settings.clientId,
    mayResume,
    accepted: () => {},
    signal: new AbortController().signal,
    note,
  }
  try {
    const { link, version, isAfterSilence } = await establish(options)
    link.fail(new MqttCliError('lost', 'enough'))
    return { version, isAfterSilence, levels: levels() }
  } catch (failure) {
    return { error: asError(failure), failure, levels: levels() }
  }
}

/** Behind the protocol name, which is longer at 3.1. */
function protocolLevel(connect: Buffer | undefined): number {
  return connect?.[4 + connect.readUInt16BE(2)] ?? -1
}

const accepted4 = accepts(4)
const closes: Step[] = [{ expect: 'connect' }, { close: 'fin' }]
const silent: Step[] = [{ expect: 'connect' }, { wait: 'client-close' }]
const resets: Step[] = [{ expect: 'connect' }, { close: 'rst' }]

describe('-V auto', () => {
  test('is MQTT 5 where the server has it', async (t) => {
    const { version, levels } = await tryWith(t, [accepts(5)])

    assert.deepEqual([version, levels], [5, [5]])
  })

  const olderServers: ReadonlyArray<readonly [what: string, script: readonly Step[]]> = [
    ['CONNACK 0x84', accepts(5, connackWith('', '84'))],
    ['CONNACK 0x84 with a reason string', accepts(5, connackWith('1f 0002 6e6f', '84'))],
    ['exactly 20 02 00 01', accepts(4, '20 02 00 01')],
    ['a close with no byte', closes],
    ['a reset with no byte', resets],
  ]
  for (const [what, script] of olderServers) {
    test(`is 3.1.1 on a new connection after ${what}`, async (t) => {
      const { version, levels } = await tryWith(t, [script, accepted4])

      assert.deepEqual([version, levels], [4, [5, 4]])
    })
  }

  const others: ReadonlyArray<readonly [what: string, script: readonly Step[], kind: string]> = [
    ['another refusal', accepts(5, connackWith('', '87')), 'refused'],
    ['a refusal in four bytes that is not about the version', accepts(4, '20 02 00 05'), 'refused'],
    ['a close after the first byte', [{ expect: 'connect' }, { send: '20' }, { close: 'fin' }], 'lost'],
    ['a CONNACK that breaks a rule', accepts(5, '21 03 00 00 00'), 'protocol'],
    [
      'something that is not MQTT',
      accepts(5, Buffer.from('HTTP/1.1 400 Bad Request\r\n').toString('hex')),
      'unreachable',
    ],
  ]
  for (const [what, script, kind] of others) {
    test(`is not tried at 3.1.1 after ${what}`, async (t) => {
      const { error, levels } = await tryWith(t, [script, accepted4])

      assert.deepEqual([error?.kind, levels], [kind, [5]])
    })
  }

  test('reports both when both fail', async (t) => {
    const { error, levels } = await tryWith(t, [accepts(5, connackWith('', '84')), accepts(4, '20 02 00 05')])

    assert.deepEqual([error?.kind, error?.details.reasonCode, levels], ['refused', 5, [5, 4]])
    assert.match(error?.message ?? '', /MQTT 5: .*MQTT 3\.1\.1: /)
  })

  test('says once what is the same for both', async (t) => {
    const { error, levels } = await tryWith(t, [closes, closes])

    assert.deepEqual([error?.kind, levels], ['unreachable', [5, 4]])
    assert.match(error?.message ?? '', /^No answer to CONNECT: .*, at MQTT 5 and at MQTT 3\.1\.1$/)
    assert.equal(error?.message.match(/No answer/g)?.length, 1)
    assert.deepEqual(error?.details.facts ?? {}, {})
  })

  test('goes on to 3.1 after CONNACK 1 at 3.1.1', async (t) => {
    const refusing = accepts(4, '20 02 00 01')

    const { version, levels } = await tryWith(t, [refusing, refusing, accepted4])

    assert.deepEqual([version, levels], [3, [5, 4, 3]])
  })

  test('does not go on to 3.1 after another refusal, which decides whether to come again', async (t) => {
    const { failure, error, levels } = await tryWith(t, [accepts(4, '20 02 00 01'), accepts(4, '20 02 00 03')])

    assert.ok(failure instanceof ConnackRefused && failure.connack.reasonCode === 3)
    assert.match(error?.message ?? '', /MQTT 5: .*MQTT 3\.1\.1: /)
    assert.deepEqual(levels, [5, 4])
  })

  test('says all three when all refuse', async (t) => {
    const refusing = accepts(4, '20 02 00 01')

    const { error, levels } = await tryWith(t, [refusing, refusing, refusing])

    assert.deepEqual([error?.kind, levels], ['refused', [5, 4, 3]])
    assert.match(error?.message ?? '', /MQTT 5 and at MQTT 3\.1\.1 and at MQTT 3\.1$/)
  })

  test('is 3.1.1 where MQTT 5 is met with silence, within the same deadline, and says so', async (t) => {
    const notes: string[] = []
    const changes = { connectDeadlineMs: 1000, note: (advice: Advice) => notes.push(wordingOf('pub')(advice) ?? '') }

    const { version, isAfterSilence, levels } = await tryWith(t, [silent, accepted4], changes)

    assert.deepEqual([version, isAfterSilence, levels], [4, true, [5, 4]])
    assert.match(notes.join(), /no answer to MQTT 5 within 0\.6 s: this is MQTT 3\.1\.1; -V 3\.1\.1/)
  })

  test('is 3.1 where both later ones are met with silence', async (t) => {
    const { version, levels } = await tryWith(t, [silent, silent, accepted4], { connectDeadlineMs: 1000 })

    assert.deepEqual([version, levels], [3, [5, 4, 3]])
  })

  test('says what was tried, and what would help, where every version is met with silence', async (t) => {
    const startMs = performance.now()

    const { error, levels } = await tryWith(t, [silent, silent, silent], { connectDeadlineMs: 1000 })

    assert.ok(performance.now() - startMs >= 1000)
    assert.deepEqual([error?.kind, levels], ['unreachable', [5, 4, 3]])
    assert.match(error?.message ?? '', /MQTT 5: .* 0\.6 s\. MQTT 3\.1\.1: .* 0\.2 s\. MQTT 3\.1: No CONNACK within 1 s/)
    assert.match(error === undefined ? '' : worded(error).details.tries.join(), /-V 3\.1\.1 or -V 3\.1/)
  })

  test('waits for the rest of an answer that has begun: that is no silence', async (t) => {
    const slow: Step[] = [
      { expect: 'connect' },
      { send: '20' },
      { run: () => new Promise((resolve) => setTimeout(resolve, 700)) },
      { send: '03 00 00 00' },
    ]

    const { version, levels } = await tryWith(t, [slow], { connectDeadlineMs: 1000 })

    assert.deepEqual([version, levels], [5, [5]])
  })

  test('takes all within one deadline', async (t) => {
    const startMs = performance.now()

    const { error, levels } = await tryWith(t, [closes, silent, silent], { connectDeadlineMs: 400 })

    assert.deepEqual([error?.kind, levels], ['unreachable', [5, 4, 3]])
    assert.ok(performance.now() - startMs < 1500)
  })

  test('does not ask a second time where nobody listens', async () => {
    const settings = connectionSettings(await freePort(), { version: 'auto' })
    const options = { settings, makeDriver: leanDriver, version: 'auto', clientId: '', mayResume: false } as const
    const signal = new AbortController().signal

    const attempt = establish({ ...options, accepted: () => {}, signal })

    await assert.rejects(attempt, (error) => error instanceof MqttCliError && !/MQTT 3\.1\.1/.test(error.message))
  })
})

describe('a version that was asked for', () => {
  for (const [version, script] of [
    [5, accepts(5, connackWith('', '84'))],
    [5, closes],
    [4, accepts(4, '20 02 00 01')],
    [3, accepts(4, '20 02 00 01')],
  ] as const) {
    test(`is the only one that is tried: ${version}`, async (t) => {
      const { error, levels } = await tryWith(t, [script, accepted4], { version })

      assert.ok(error instanceof MqttCliError)
      assert.deepEqual(levels, [version])
    })
  }
})

describe('a four-byte CONNACK to MQTT 5', () => {
  test('that refuses is told as 3.1.1 has it', async (t) => {
    const { failure, error } = await tryWith(t, [accepts(4, '20 02 00 05')], { version: 5 })

    assert.ok(failure instanceof ConnackRefused && failure.version === 4)
    assert.match(error?.details.reasonName ?? '', /not authorized/i)
  })

  test('that accepts breaks the protocol: there are no properties in it', async (t) => {
    const { error } = await tryWith(t, [accepts(4)], { version: 5 })

    assert.deepEqual([error?.kind, error?.details.statement], ['protocol', '[MQTT-2.2.2-1]'])
  })
})

describe('the connect deadline', () => {
  test('fault 8: ends the wait for a CONNACK that does not come', async (t) => {
    const { error } = await tryWith(t, [silent], { version: 5, connectDeadlineMs: 300 })

    assert.equal(error?.kind, 'unreachable')
    assert.match(error?.message ?? '', /CONNACK/)
  })

  test('is over once the session stands', async (t) => {
    const broker = await startScriptedBroker([[...accepts(5), { expect: 'pingreq' }, { send: 'd0 00' }]])
    t.after(broker.close)
    const settings = connectionSettings(broker.port)
    const common = { settings, makeDriver: leanDriver, version: 5, clientId: 'c', mayResume: false } as const
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { link } = await establish({ ...common, accepted: () => {}, signal: new AbortController().signal })

    t.mock.timers.tick(11_000) // past the deadline, and not yet past the patience of the broker's script

    await link.ping()
    link.fail(new MqttCliError('lost', 'enough'))
  })

  test('leaves the user’s own wish to stop alone', async (t) => {
    const broker = await startScriptedBroker([[{ expect: 'connect' }, { wait: 'client-close' }]])
    t.after(broker.close)
    const stop = new AbortController()
    const settings = connectionSettings(broker.port)
    const common = { settings, makeDriver: leanDriver, version: 5, clientId: 'c', mayResume: false } as const
    const attempt = establish({ ...common, accepted: () => {}, signal: stop.signal })
    await (await broker.connection(0)).whenPacket('connect')

    stop.abort(new MqttCliError('interrupted', 'stop'))

    await assert.rejects(attempt, { kind: 'interrupted' })
  })
})

describe('Session Present', () => {
  const rows: ReadonlyArray<
    readonly [what: string, version: 4 | 5, clean: boolean, mayResume: boolean, rule: string | undefined]
  > = [
    ['after a clean start', 5, true, true, '[MQTT-3.2.2-2]'],
    ['after a clean session', 4, true, true, '[MQTT-3.1.1:3.2.2-1]'],
    ['for a session that we never had', 5, false, false, '[MQTT-3.2.2-4]'],
    ['for a session that we never had', 4, false, false, '[MQTT-3.1.1:3.2.2-2]'],
    ['for a session of the user’s', 5, false, true, undefined],
    ['for a session of the user’s', 4, false, true, undefined],
  ]
  for (const [what, version, clean, mayResume, rule] of rows) {
    test(`fault 43: ${what} at ${version} is ${rule ?? 'welcome'}`, async (t) => {
      const changes = { version, cleanStart: clean, cleanSession311: clean } as const
      const script = [...accepts(version, resumingConnack[version]), { wait: 'client-close' } as const]

      const { error, version: found } = await tryWith(t, [script], changes, mayResume)

      assert.equal(error?.details.statement, rule)
      assert.equal(found, rule === undefined ? version : undefined)
    })
  }
})

test('messages right behind CONNACK find who receives them', async (t) => {
  const broker = await startScriptedBroker([accepts(5, `${acceptingConnack[5]} d0 00`)])
  t.after(broker.close)
  const said: string[] = []
  const settings = connectionSettings(broker.port)
  const common = { settings, makeDriver: leanDriver, version: 5, clientId: 'c', mayResume: false } as const
  const accepted = (link: Link) => {
    said.push('accepted')
    const { control } = link
    link.control = (packet, wire) => {
      said.push(packet.type)
      return control.call(link, packet, wire)
    }
  }

  const { link } = await establish({ ...common, accepted, signal: new AbortController().signal })
  link.fail(new MqttCliError('lost', 'enough'))

  assert.deepEqual(said, ['accepted', 'pingresp'])
})
