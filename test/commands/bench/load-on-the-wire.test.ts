import assert from 'node:assert/strict'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  type IConnectPacket,
  type IDisconnectPacket,
  type IPublishPacket,
  type ISubscribePacket,
  type Packet,
  parser,
} from 'mqtt-packet'
import { assertRan, type BenchRun, benchRun } from '../../support/bench/bench-run.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const folder = temporaryFolder()

function written(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content, { mode: 0o600 })
  return path
}

interface Seen extends BenchRun {
  readonly connects: readonly IConnectPacket[]
  readonly publishes: readonly IPublishPacket[]
  readonly subscribes: readonly ISubscribePacket[]
  readonly disconnects: readonly IDisconnectPacket[]
}

/** A load of MQTT 5 as a broker sees it, by another decoder than ours. */
async function seen(mode: 'pub' | 'pubsub' | 'conn', ...words: readonly string[]): Promise<Seen> {
  const packets: Packet[] = []
  const broker = await startRelayBroker({ packet: ({ bytes }) => packets.push(decoded(bytes)) })
  const run = await benchRun([mode, ...broker.flags, '--no-ask-broker', ...words]).finally(broker.close)
  assertRan(run)
  const all = <P extends Packet>(cmd: P['cmd']) => packets.filter((packet) => packet.cmd === cmd) as P[]
  return {
    ...run,
    connects: all<IConnectPacket>('connect'),
    publishes: all<IPublishPacket>('publish'),
    subscribes: all<ISubscribePacket>('subscribe'),
    disconnects: all<IDisconnectPacket>('disconnect'),
  }
}

function decoded(bytes: Buffer): Packet {
  const found: Packet[] = []
  const decoder = parser({ protocolVersion: 5 })
  decoder.on('packet', (packet) => found.push(packet))
  decoder.on('error', (error) => assert.fail(error))
  decoder.parse(bytes)
  return found[0] ?? assert.fail(bytes.toString('hex'))
}

const topicsOf = ({ publishes }: Seen) => [...new Set(publishes.map(({ topic }) => topic))].sort()

describe('what clients are called', () => {
  test('-I, -u and -P have places for the number of the client and the run', async () => {
    const words = ['-c', '2', '--messages', '2', '-I', 'dev-%i-%r', '-u', 'user%i', '-P', 'secret-%i-%u']
    const { connects, result } = await seen('pub', ...words)

    assert.deepEqual(
      connects.map(({ clientId, username, password }) => [clientId, username, String(password)]).sort(),
      [0, 1].map((index) => [`dev-${index}-${result.runId}`, `user${index}`, `secret-${index}-user${index}`]),
    )
  })

  test('without -I each has a name of its own that tells the run', async () => {
    const { connects, result } = await seen('pub', '-c', '3', '--messages', '3')

    assert.deepEqual(
      connects.map(({ clientId }) => clientId).sort(),
      [0, 1, 2].map((index) => `bench-${result.runId}-${index}`),
    )
  })

  test('--credentials gives each client the next user, which %u stands for in topics', async () => {
    const path = join(folder, 'users.csv')
    writeFileSync(path, 'ann,s1\nbob,s2\n')

    const run = await seen('pub', '-c', '2', '--messages', '2', '--credentials', path, '-t', 'of/%u')

    assert.deepEqual(topicsOf(run), ['of/ann', 'of/bob'])
  })

  const passwords: ReadonlyArray<readonly [words: readonly string[], sent: string]> = [
    [['-P', '%i-%c-%u-%r-%s-%%i'], '0-c0-u0-RUN-%s-%i'],
    [['--password-file', written('password', '%c%%')], 'c0%'],
    [['--password-file', written('bytes', Buffer.from('%c\xff', 'latin1'))], '%c\xff'],
    [['--credentials', written('places.csv', 'u0,%i%c%%')], '%i%c%%'],
  ]
  for (const [words, sent] of passwords) {
    test(`${words[0]} sends ${JSON.stringify(sent)}`, async () => {
      const { connects, result } = await seen('pub', '--messages', '1', '-I', 'c%i', '-u', 'u%i', ...words)

      assert.deepEqual(
        connects.map(({ username, password }) => [username, password?.toString('latin1')]),
        [['u0', sent.replace('RUN', result.runId)]],
      )
    })
  }

  for (const [flag, file] of [
    ['--credentials', 'credentials'],
    ['--password-file', 'password'],
  ] as const) {
    test(`a file of ${flag} that others can read gets a note, and no other`, async () => {
      const path = written(file, 'ann,s1\n')
      const notesAt = async (mode: number) => {
        chmodSync(path, mode)
        return (await seen('pub', '--messages', '1', '-u', 'ann', flag, path)).stderr
      }

      assert.match(await notesAt(0o640), new RegExp(`the ${file} file .* can be read by others`))
      assert.doesNotMatch(await notesAt(0o600), /read by others/)
    })
  }
})

describe('topics', () => {
  test('%i %c %u %s %r stand anywhere in them', async () => {
    const words = ['-c', '2', '--messages', '4', '-I', 'c%i', '-u', 'u%i', '-t', 'a%i/%c-%u/%s/%r/%%i']
    const run = await seen('pub', ...words)
    const { runId } = run.result

    assert.deepEqual(topicsOf(run), [
      ...[`a0/c0-u0/0/${runId}/%i`, `a0/c0-u0/1/${runId}/%i`],
      ...[`a1/c1-u1/0/${runId}/%i`, `a1/c1-u1/1/${runId}/%i`],
    ])
  })

  const filters: ReadonlyArray<readonly [what: string, words: readonly string[], filters: readonly string[]]> = [
    ['a fan-in asks for all of them', ['--publishers', '3', '--subscribers', '1'], ['bench/+']],
    ['a fan-out has one', ['--publishers', '1', '--subscribers', '2', '-t', 'x/y'], ['x/y', 'x/y']],
    ['pairs have one each', ['-c', '2'], ['bench/0', 'bench/1']],
    ['--filter says it otherwise', ['-c', '2', '--filter', 'bench/#'], ['bench/#', 'bench/#']],
    ['--share subscribes as one group', ['-c', '2', '--share', 'g'], ['$share/g/bench/+', '$share/g/bench/+']],
    ['a topic of its own for each message has a wildcard', ['-t', 'a/%s/b'], ['a/+/b']],
  ]
  for (const [what, words, expected] of filters) {
    test(what, async () => {
      const { subscribes } = await seen('pubsub', '--messages', '6', ...words)

      assert.deepEqual(subscribes.flatMap((each) => each.subscriptions.map(({ topic }) => topic)).sort(), expected)
    })
  }
})

describe('messages', () => {
  test('-s is the size of every payload, or a range of sizes', async () => {
    const sizes = ({ publishes }: Seen) => publishes.map(({ payload }) => payload.length)
    const ranged = sizes(await seen('pub', '--messages', '400', '-s', '24-40'))

    assert.deepEqual([...new Set(sizes(await seen('pub', '--messages', '5', '-s', '1KiB')))], [1024])
    assert.deepEqual([Math.min(...ranged), Math.max(...ranged)], [24, 40])
    assert.ok(new Set(ranged).size > 10)
  })

  test('-q and --retain are theirs, and -D sets their properties', async () => {
    const properties = ['-D', 'publish', 'content-type', 'a/b', '-D', 'publish', 'user-property', 'k', 'v']
    const { publishes } = await seen('pub', '--messages', '3', '-q', '1', '--retain', ...properties)

    assert.deepEqual(
      publishes.map(({ qos, retain, properties: { contentType, userProperties } = {} }) =>
        JSON.stringify([qos, retain, contentType, userProperties]),
      ),
      Array(3).fill('[1,true,"a/b",{"k":"v"}]'),
    )
  })

  test('--messages is the number of all publishers together', async () => {
    assert.equal((await seen('pub', '-c', '3', '--messages', '100')).publishes.length, 100)
  })

  test('-F is the most that is unacknowledged at once', async () => {
    const packets: string[] = []
    const broker = await startRelayBroker({ acknowledges: false, packet: ({ type }) => packets.push(type) })
    const words = ['pub', ...broker.flags, '-q', '1', '-F', '7', '--messages', '50', '--drain', '0.3']
    const { code, result } = await benchRun(words).finally(broker.close)

    assert.equal(packets.filter((type) => type === 'publish').length, 7)
    assert.deepEqual([code, result.messages?.unconfirmed], [5, 7])
  })
})

describe('sessions', () => {
  test('keepalive, session expiry, user properties and a will are in each CONNECT', async () => {
    const will = ['--will-topic', 'gone', '--will-payload', 'bye', '--will-qos', '1', '--will-retain']
    const session = ['-k', '7', '-x', '300', '-D', 'connect', 'user-property', 'site', 'north']
    const { connects } = await seen('conn', '-c', '2', '--duration', '0.1', ...session, ...will)

    assert.equal(connects.length, 2)
    for (const { clean, keepalive, properties, will: sent } of connects) {
      assert.deepEqual([clean, keepalive, properties?.sessionExpiryInterval], [true, 7, 300])
      assert.equal(JSON.stringify(properties?.userProperties), '{"site":"north"}')
      assert.deepEqual([sent?.topic, String(sent?.payload), sent?.qos, sent?.retain], ['gone', 'bye', 1, true])
    }
  })

  const kept: ReadonlyArray<readonly [words: readonly string[], clean: boolean, expiry: number | undefined]> = [
    [[], true, undefined],
    [['--disable-clean-session'], false, 0xffffffff],
    [['--disable-clean-session', '-x', '60'], false, 60],
    [['-x', '-1'], true, 0xffffffff],
  ]
  for (const [words, clean, expiry] of kept) {
    test(`${words.join(' ') || 'nothing asked'}: Clean Start ${Number(clean)}, expiry ${expiry}`, async () => {
      const { connects } = await seen('pubsub', '--messages', '2', '-I', 'c%i', ...words)

      assert.deepEqual(
        connects.map((each) => [each.clean, each.properties?.sessionExpiryInterval]),
        [
          [clean, expiry],
          [clean, expiry],
        ],
      )
    })
  }

  for (const mode of ['pubsub', 'conn'] as const) {
    test(`bench ${mode}: one that the broker kept is no fault of its, and is subscribed to again`, async (t) => {
      const packets: string[] = []
      const connack = () => Buffer.from('2003010000', 'hex') // Session Present 1
      const broker = await startRelayBroker({ connack, packet: ({ type }) => packets.push(type) })
      t.after(broker.close)
      const end = mode === 'conn' ? ['--duration', '0.1'] : ['--messages', '10']
      const words = [mode, ...broker.flags, '-c', '1', '-I', 'c%i', '--disable-clean-session', ...end]

      const run = await benchRun(words)

      assertRan(run)
      assert.equal(packets.filter((type) => type === 'subscribe').length, mode === 'conn' ? 0 : 1)
      assert.equal(run.result.arrivals?.received ?? 10, 10)
    })
  }

  test('at 3.1.1 --disable-clean-session is Clean Session 0', async (t) => {
    const flags: (number | undefined)[] = []
    const connack = () => Buffer.from('20020000', 'hex')
    const broker = await startRelayBroker({ connack, connect: (packet) => flags.push(packet[9]) })
    t.after(broker.close)

    const words = [
      'conn',
      ...broker.flags,
      '--no-ask-broker',
      '-c',
      '1',
      '-I',
      'c%i',
      '-V',
      '3.1.1',
      '--duration',
      '0.1',
    ]
    assertRan(await benchRun([...words, '--disable-clean-session']))
    assertRan(await benchRun(words))

    assert.deepEqual(flags, [0x00, 0x02])
  })

  test('-D disconnect is in the DISCONNECT of each client', async () => {
    const words = ['-c', '2', '-D', 'disconnect', 'user-property', 'why', 'done']
    const all = [await seen('pub', '--messages', '2', ...words), await seen('conn', '--duration', '0.1', ...words)]

    for (const { disconnects } of all) {
      assert.deepEqual(
        disconnects.map(({ properties }) => JSON.stringify(properties?.userProperties)),
        Array(2).fill('{"why":"done"}'),
      )
    }
  })
})

describe('places in a will and in user properties', () => {
  const will = ['--will-topic', 'gone/%c', '--will-payload', '%u of %r: 100%% %s']
  const property = (packet: string, value: string) => ['-D', packet, 'user-property', 'k%i', value]

  for (const mode of ['pub', 'conn'] as const) {
    test(`are filled for each client of bench ${mode}, also in threads`, async () => {
      const end = mode === 'pub' ? ['--messages', '2'] : ['--duration', '0.1']
      const words = ['-c', '2', '-I', 'c%i', '-u', 'u%i', '--workers', '2', ...will, ...end]
      const properties = [...property('connect', '%c/%s'), ...property('will', '%i'), ...property('disconnect', '%u')]
      const { connects, disconnects, result } = await seen(mode, ...words, ...properties)

      const text = (properties?: object) => JSON.stringify((properties as IPublishPacket['properties'])?.userProperties)
      assert.deepEqual(
        connects
          .map((each) => [
            ...[each.will?.topic, String(each.will?.payload)],
            ...[text(each.will?.properties), text(each.properties)],
          ])
          .sort(),
        [0, 1].map((index) => [
          ...[`gone/c${index}`, `u${index} of ${result.runId}: 100% %s`],
          ...[`{"k%i":"${index}"}`, `{"k%i":"c${index}/%s"}`],
        ]),
      )
      assert.deepEqual(disconnects.map(({ properties }) => text(properties)).sort(), ['{"k%i":"u0"}', '{"k%i":"u1"}'])
    })
  }

  test('of -D publish are filled for each publisher, and %s is none', async () => {
    const words = ['-c', '2', '-I', 'c%i', '--messages', '4', ...property('publish', '%i %c 5%% 5% %s')]
    const { publishes } = await seen('pub', ...words)

    const values = publishes.map(({ properties }) => properties?.userProperties?.['k%i'])
    assert.deepEqual([...new Set(values)].sort(), ['0 c0 5% 5% %s', '1 c1 5% 5% %s'])
  })
})
