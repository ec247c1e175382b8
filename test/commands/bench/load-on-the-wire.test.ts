import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type IConnectPacket, type IPublishPacket, type ISubscribePacket, type Packet, parser } from 'mqtt-packet'
import { assertRan, type BenchRun, benchRun } from '../../support/bench-run.ts'
import { startRelayBroker } from '../../support/relay-broker.ts'
import { temporaryFolder } from '../../support/temp-folder.ts'

const folder = temporaryFolder()

interface Seen extends BenchRun {
  readonly connects: readonly IConnectPacket[]
  readonly publishes: readonly IPublishPacket[]
  readonly subscribes: readonly ISubscribePacket[]
}

/** A load of MQTT 5 as a broker sees it, by another decoder than ours. */
async function seen(mode: 'pub' | 'pubsub' | 'conn', ...words: readonly string[]): Promise<Seen> {
  const packets: Packet[] = []
  const broker = await startRelayBroker({ packet: ({ bytes }) => packets.push(decoded(bytes)) })
  const run = await benchRun([mode, '-p', broker.port, ...words]).finally(broker.close)
  assertRan(run)
  const all = <P extends Packet>(cmd: P['cmd']) => packets.filter((packet) => packet.cmd === cmd) as P[]
  return {
    ...run,
    connects: all<IConnectPacket>('connect'),
    publishes: all<IPublishPacket>('publish'),
    subscribes: all<ISubscribePacket>('subscribe'),
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
    const words = ['pub', '-p', broker.port, '-q', '1', '-F', '7', '--messages', '50', '--drain', '0.3']
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
})
