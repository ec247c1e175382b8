import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { leanDriver, mqttJsDriver } from '../../../src/connection/driver/drivers.ts'
import type { ConnectRequest } from '../../../src/connection/driver/session-driver.ts'
import { Link, type MakeDriver } from '../../../src/connection/link/link.ts'
import type {
  Properties,
  ProtocolVersion,
  Suback,
  SubscriptionRequest,
  Unsuback,
} from '../../../src/protocol/wire/packet.ts'
import { FakeTransport } from '../../support/connection/fake-transport.ts'
import { withPatience } from '../../support/program/patience.ts'
import { acceptingConnack } from '../../support/scripted-broker/broker-steps.ts'

const drivers: ReadonlyArray<readonly [name: string, make: () => MakeDriver | Promise<MakeDriver>]> = [
  ['lean', () => leanDriver],
  ['mqtt.js', mqttJsDriver],
]

const pairs: Properties['userProperties'] = [
  ['__proto__', '1'],
  ['b', '2'],
  ['__proto__', '3'],
  ['constructor', ''],
]

const requests: Readonly<Record<string, ConnectRequest>> = {
  'the least': {
    version: 5,
    clientId: '',
    cleanStart: true,
    mayResume: false,
    keepAliveSeconds: 0,
    properties: {},
  },
  'every property, and a will with every property': {
    version: 5,
    clientId: '__proto__',
    cleanStart: false,
    mayResume: true,
    keepAliveSeconds: 65_535,
    username: 'toString',
    password: Buffer.from('pä\0ss'),
    properties: {
      sessionExpiryInterval: 0xffff_ffff,
      receiveMaximum: 17,
      maximumPacketSize: 1_000_000,
      topicAliasMaximum: 9,
      requestResponseInformation: 1,
      requestProblemInformation: 0,
      userProperties: pairs,
    },
    will: {
      topic: 'will/__proto__',
      payload: Buffer.from([0, 255, 10]),
      qos: 2,
      retain: true,
      properties: {
        willDelayInterval: 5,
        payloadFormatIndicator: 0,
        messageExpiryInterval: 6,
        contentType: 'application/octet-stream',
        responseTopic: 'r',
        correlationData: Buffer.from([1, 2]),
        userProperties: pairs,
      },
    },
  },
  'a password without a user name': {
    version: 5,
    clientId: 'c',
    cleanStart: true,
    mayResume: false,
    keepAliveSeconds: 1,
    password: Buffer.from('secret'),
    properties: {},
  },
}

function below5(version: 3 | 4): Readonly<Record<string, ConnectRequest>> {
  const plain = { version, clientId: 'c1', cleanStart: true, mayResume: false, keepAliveSeconds: 60, properties: {} }
  const will = { topic: 'w', payload: Buffer.alloc(0), qos: 1, retain: false, properties: {} } as const
  const login = { username: 'ü', password: Buffer.from('p') }
  return { 'the least': plain, 'will and login': { ...plain, cleanStart: false, mayResume: true, will, ...login } }
}

const subscriptions: readonly SubscriptionRequest[] = [
  { filter: '__proto__', qos: 2, noLocal: true, retainAsPublished: true, retainHandling: 2 },
  { filter: 'a/+/#', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 },
  { filter: 'toString', qos: 1, noLocal: false, retainAsPublished: true, retainHandling: 1 },
]
const plainSubscriptions = subscriptions.map(({ filter, qos }) => {
  return { filter, qos, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
})

/** What one driver puts on the wire from CONNECT to DISCONNECT, a write at a time. */
async function play(makeDriver: MakeDriver, request: ConnectRequest): Promise<readonly string[]> {
  const { version } = request
  const { transport, link } = await connected(makeDriver, request)
  const isFive = version === 5
  const answers = [
    isFive ? '90 06 ff9c 00 02 00 01' : '90 05 ff9c 02 00 01',
    isFive ? '90 06 ff9d 00 02 87 01' : `90 05 ff9d 02 ${version === 4 ? '80' : '00'} 01`, // 3.1 has no word for no
    isFive ? 'b0 05 ff9e 00 00 11' : 'b0 02 ff9e',
  ]
  const asked: ReadonlyArray<() => Promise<Suback | Unsuback>> = [
    () => link.driver.subscribe(isFive ? subscriptions : plainSubscriptions, properties(version, [7])),
    () => link.driver.subscribe(isFive ? subscriptions : plainSubscriptions, {}),
    () => link.driver.unsubscribe(['__proto__', 'a/+/#'], properties(version)),
  ]
  for (const [index, ask] of asked.entries()) {
    const answer = ask()
    await transport.whenWritten(2 + index)
    transport.deliver(answers[index] as string)
    await withPatience(answer, 'the answer')
  }
  const left = link.leave(isFive ? 4 : 0, isFive ? { sessionExpiryInterval: 0, userProperties: pairs } : {})
  await transport.whenWritten(5)
  transport.close()
  await left
  return transport.writes.map((write) => write.toString('hex'))
}

async function connected(makeDriver: MakeDriver, request: ConnectRequest) {
  const transport = new FakeTransport()
  const link = new Link(transport, { version: request.version, makeDriver, accepted: () => {} })
  const connack = link.connect(request)
  await transport.whenWritten(1)
  transport.deliver(acceptingConnack[request.version === 5 ? 5 : 4])
  await withPatience(connack, 'CONNACK')
  await withPatience(link.driver.ready(), 'the driver')
  return { transport, link }
}

function properties(version: ProtocolVersion, subscriptionIdentifier?: readonly number[]): Properties {
  if (version !== 5) return {}
  return { userProperties: pairs, ...(subscriptionIdentifier && { subscriptionIdentifier }) }
}

describe('both drivers', () => {
  const scripts = [
    ...Object.entries(requests).map(([what, request]) => [`5, ${what}`, request] as const),
    ...Object.entries(below5(4)).map(([what, request]) => [`3.1.1, ${what}`, request] as const),
    ...Object.entries(below5(3)).map(([what, request]) => [`3.1, ${what}`, request] as const),
  ]
  for (const [what, request] of scripts) {
    test(`put the same bytes on the wire: ${what}`, async () => {
      const [lean, mqttJs] = await Promise.all(drivers.map(async ([, make]) => play(await make(), request)))

      assert.deepEqual(mqttJs, lean)
      assert.equal(lean?.length, 5) // each packet in one write
    })
  }
})

for (const [name, make] of drivers) {
  describe(`the ${name} driver`, () => {
    test('writes these bytes at 3.1.1', async () => {
      const writes = await play(await make(), { ...below5(4)['the least']!, clientId: 'c1' })

      assert.deepEqual(writes, [
        '100e00044d5154540402003c00026331',
        '8221ff9c00095f5f70726f746f5f5f020005612f2b2f23000008746f537472696e6701',
        '8221ff9d00095f5f70726f746f5f5f020005612f2b2f23000008746f537472696e6701',
        'a214ff9e00095f5f70726f746f5f5f0005612f2b2f23',
        'e000',
      ])
    })

    test('keeps user properties in order, with repeats and __proto__ [MQTT-3.1.3-10]', async () => {
      const [connect = '', subscribe = '', , unsubscribe = '', disconnect = ''] = await play(
        await make(),
        requests['every property, and a will with every property']!,
      )
      const proto = (value: string) => `2600095f5f70726f746f5f5f0001${value}`
      const all = `${proto('31')}26000162000132${proto('33')}26000b636f6e7374727563746f720000`

      assert.equal(connect.split(all).length, 3) // CONNECT's own and the will's
      for (const packet of [subscribe, unsubscribe, disconnect]) assert.equal(packet.split(all).length, 2)
    })

    test('says DISCONNECT while a SUBSCRIBE waits for its answer, and nothing after it [MQTT-3.14.4-1]', async () => {
      const { transport, link } = await connected(await make(), requests['the least']!)
      const answer = link.driver.subscribe(plainSubscriptions, {})
      await transport.whenWritten(2)

      const left = link.leave(0, {})
      await transport.whenWritten(3)
      transport.close()
      await withPatience(left, 'the end')

      await assert.rejects(answer)
      assert.equal(transport.writes.at(-1)?.toString('hex'), 'e000')
      assert.equal(transport.hasEnded, true)
    })

    test('fails a SUBSCRIBE when the connection ends, and one that comes after', async () => {
      const { transport, link } = await connected(await make(), requests['the least']!)
      const before = link.driver.subscribe(plainSubscriptions, {})
      await transport.whenWritten(2)

      transport.close()
      const after = link.driver.subscribe(plainSubscriptions, {})

      await assert.rejects(withPatience(before, 'the failure'), { kind: 'lost' })
      await assert.rejects(withPatience(after, 'the failure'), { kind: 'lost' })
    })

    test('is ready, or over, also when the connection ends right behind CONNACK', async () => {
      const transport = new FakeTransport()
      const link = new Link(transport, { version: 5, makeDriver: await make(), accepted: () => {} })
      const connack = link.connect(requests['the least']!)
      await transport.whenWritten(1)

      transport.deliver(acceptingConnack[5])
      transport.close()

      await withPatience(connack, 'CONNACK')
      await withPatience(link.driver.ready(), 'the driver')
    })

    test('uses identifiers above those of the publishes, round and round [MQTT-2.2.1-3]', async () => {
      const { transport, link } = await connected(await make(), requests['the least']!)
      const ids: string[] = []

      for (let round = 0; round < 102; round++) {
        transport.takeSent()
        const answer = link.driver.unsubscribe(['a'], {})
        const id = (await transport.whenWritten(1)).slice(4, 8)
        transport.deliver(`b0 04 ${id} 00 00`)
        await answer
        ids.push(id)
      }

      assert.deepEqual([ids[0], ids[99], ids[100], ids[101]], ['ff9c', 'ffff', 'ff9c', 'ff9d'])
    })
  })
}
