import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { RawClient } from '../../support/clients/raw-client.ts'
import { startWatchedBroker, type WatchedBroker } from '../../support/scripted-broker/watched-broker.ts'
import type { Fault } from './faults/fault.ts'
import { fieldFaults } from './faults/field-faults.ts'
import { headerFaults } from './faults/header-faults.ts'
import { propertyFaults } from './faults/property-faults.ts'
import { textFaults } from './faults/text-faults.ts'
import { bytesOf, connectModel, disconnectModel, pingreqModel } from './faults/well-formed.ts'

const CONNACK = 2
const PINGRESP = 13
const DISCONNECT = 14
const clientsAtOnce = 25

const tables = [
  ['the fixed header', headerFaults()],
  ['strings', textFaults()],
  ['properties', propertyFaults()],
  ['fields', fieldFaults()],
] as const

let watched: WatchedBroker

before(async () => {
  watched = await startWatchedBroker()
})

after(() => watched.close())

test('the table holds at least 1,000 packets with one fault each, and no packet twice', () => {
  const names = tables.flatMap(([, faults]) => faults.map(({ name }) => name))

  assert.ok(names.length >= 1000, `${names.length}`)
  assert.equal(new Set(names).size, names.length)
})

for (const [what, faults] of tables) {
  test(`fault 44: names the rule, closes the connection and lives on after each fault in ${what} (${faults.length})`, async () => {
    assert.deepEqual(await problemsOf(faults, faultProblem), [])
  })

  test(`takes the well-formed twin of each fault in ${what}`, async () => {
    assert.deepEqual(await problemsOf(faults, twinProblem), [])
  })
}

test('fault 44: the broker still serves a client after all of them', async () => {
  const client = await connected(bytesOf(connectModel(4, 0x02)))

  client.send(bytesOf(pingreqModel(4)))
  await client.when(PINGRESP)
  client.destroy()
})

async function problemsOf(faults: readonly Fault[], problemOf: (row: Fault) => Promise<string | undefined>) {
  const problems: string[] = []
  const rest = [...faults]
  const work = async () => {
    for (let row = rest.pop(); row !== undefined; row = rest.pop()) {
      const problem = await problemOf(row).catch((error: Error) => error.message)
      if (problem !== undefined) problems.push(`${row.name}: ${problem}`)
    }
  }
  await Promise.all(Array.from({ length: clientsAtOnce }, work))
  return problems
}

async function faultProblem(row: Fault): Promise<string | undefined> {
  const client = row.after === 'nothing' ? await RawClient.open(watched.port) : await connected(plainConnect(row))
  if (row.after === 'disconnect') client.send(bytesOf(disconnectModel(row.version)), row.faulty)
  else client.send(row.faulty)
  await client.whenClosed()
  const rules = watched.eventsOf(client.localPort).flatMap((e) => (e.event === 'violation' ? [e.violation.rule] : []))
  if (rules.join() !== row.rule) return `named ${rules.join() || 'nothing'} and not ${row.rule}`
  return answerProblem(row, client)
}

/** MQTT 5 says why before it closes [MQTT-4.13.2-1]; after a CONNECT that cannot be accepted it says so in CONNACK. */
function answerProblem({ version, after: place, faulty }: Fault, client: RawClient): string | undefined {
  const last = client.packets.at(-1)?.bytes[0] ?? 0
  if (place === 'disconnect') return undefined
  if (place === 'nothing') return last >> 4 === CONNACK || version < 5 || !isConnect(faulty) ? undefined : 'no CONNACK'
  const isTold = last >> 4 === DISCONNECT
  return isTold === (version === 5) ? undefined : `the last packet was ${client.received}`
}

/** With a name, and a level behind it: anything else has no version to answer in. */
function isConnect(bytes: Buffer): boolean {
  return bytes[0] === 0x10 && bytes.subarray(4, 8).toString() === 'MQTT' && bytes[8] === 5
}

async function twinProblem(row: Fault): Promise<string | undefined> {
  const isConnectTwin = row.twin[0] === 0x10
  const client = isConnectTwin ? await connected(row.twin) : await connected(plainConnect(row))
  if (!isConnectTwin) client.send(row.twin)
  if (row.twin[0] === 0xe0) await client.whenClosed()
  else {
    client.send(bytesOf(pingreqModel(row.version)))
    await client.when(PINGRESP)
  }
  client.destroy()
  const bad = watched.eventsOf(client.localPort).find(({ event }) => event === 'violation' || event === 'fault')
  return bad === undefined ? undefined : JSON.stringify(bad)
}

/** Several clients at once must not take each other's session: each has a name of its own. */
let lastClient = 0

function plainConnect({ version }: Fault): Buffer {
  return bytesOf(connectModel(version, 0x02))
}

async function connected(connect: Buffer): Promise<RawClient> {
  const client = await RawClient.open(watched.port)
  client.send(renamed(connect))
  const connack = await client.when(CONNACK)
  assert.equal(connack[3], 0, `refused: ${connack.toString('hex')}`)
  return client
}

/** The client identifier is six bytes everywhere here. */
function renamed(connect: Buffer): Buffer {
  const name = `${(++lastClient).toString(36)}`.padStart(6, 'x')
  const copy = Buffer.from(connect)
  const at = copy.indexOf(Buffer.from('client'))
  if (at !== -1) copy.write(name, at)
  return copy
}
