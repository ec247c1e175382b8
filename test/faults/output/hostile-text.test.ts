import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { publishBytes } from '../../support/packets/publish-bytes.ts'
import { noTerminal, runOnTerminal } from '../../support/program/on-terminal.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { accepts, acknowledges, hexByte, runAgainst, serves } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

/** Clears the screen, sets the title, rings, goes back, colours by a C1 control, and turns the line around. */
const hostile = '\x1b[2J\x1b]0;x\x07\r\b\x9b31m\u202eend'
const escaped = '\\x1b[2J\\x1b]0;x\\x07\\r\\x08\\x9b31m\\u202eend'
const anythingObeyed = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/

const message = publishBytes(
  { topic: `a/${hostile}`, payload: hostile, properties: { userProperties: [[hostile, hostile]] } },
  5,
)

/** The Reason String property, with its length before it. */
function reasonProperties(): string {
  const text = Buffer.from(hostile)
  return `${hexByte(text.length + 3)} 1f ${hexByte(text.length >> 8)}${hexByte(text.length & 255)} ${text.toString('hex')}`
}

/** A packet whose body ends with the hostile reason string. */
function withReason(firstByte: string, body: string): string {
  const rest = `${body} ${reasonProperties()}`
  return `${firstByte} ${hexByte(rest.replaceAll(/\s/g, '').length / 2)} ${rest}`
}

interface Scene {
  readonly what: string
  readonly args: readonly string[]
  readonly script: readonly Step[]
  readonly exitCode: number
  /** How often the text is shown, at least. */
  readonly times: number
}

const subscribed = serves(5, message.toString('hex'))
const scenes: readonly Scene[] = [
  { what: 'topic and payload', args: ['sub', 'a/#', '-v', '-C', '1'], script: subscribed, exitCode: 0, times: 2 },
  {
    what: 'a format with topic, user property and payload',
    args: ['sub', 'a/#', '-F', '%t %P %p', '-C', '1'],
    script: subscribed,
    exitCode: 0,
    times: 4,
  },
  { what: 'the trace', args: ['sub', 'a/#', '--trace', '-C', '1'], script: subscribed, exitCode: 0, times: 1 },
  {
    what: 'the reason string of CONNACK',
    args: ['pub', 'a', 'b'],
    script: accepts(5, withReason('20', '00 87')),
    exitCode: 4,
    times: 1,
  },
  {
    what: 'the reason string of PUBACK',
    args: ['pub', 'a', 'b', '-q', '1'],
    script: [...accepts(5), { expect: 'publish' }, { send: withReason('40', '0001 87') }],
    exitCode: 4,
    times: 1,
  },
  {
    what: 'the reason string of DISCONNECT',
    args: ['sub', 'a'],
    script: serves(5, withReason('e0', '98')),
    exitCode: 4,
    times: 1,
  },
  {
    what: 'the note before a reconnect',
    args: ['sub', 'a', '-C', '1'],
    script: serves(5, withReason('e0', '8b')),
    exitCode: 0,
    times: 1,
  },
]

describe('control characters from a broker, on a terminal', { skip: noTerminal, concurrency: 2 }, () => {
  for (const { what, args, script, exitCode, times } of scenes) {
    test(`fault 26: in ${what} are escaped, and nothing of them is obeyed`, async (t) => {
      const plain = serves(5, '30 05 0001 61 00 78')
      const broker = await startScriptedBroker([script, plain])
      t.after(broker.close)
      const [command = '', ...rest] = args
      const target = [...broker.flags, '-V', '5', '--no-color']

      const { code, shown } = await runOnTerminal([command, ...target, ...rest])

      assert.equal(code, exitCode, shown)
      assert.ok(shown.split(escaped).length > times, JSON.stringify(shown))
      assert.doesNotMatch(shown, anythingObeyed)
    })
  }

  test('fault 26: with --raw the payload is byte-exact on a terminal too', async (t) => {
    const broker = await startScriptedBroker([subscribed])
    t.after(broker.close)

    const args = ['sub', 'a/#', ...broker.flags, '-V', '5', '--raw', '-C', '1']
    const { code, shown } = await runOnTerminal(args)

    assert.equal(code, 0)
    assert.equal(shown, `${hostile}\r\n`)
  })
})

describe('control characters from a broker, in a pipe', { concurrency: 2 }, () => {
  test('fault 26: topic and payload are byte-exact', async (t) => {
    const broker = await startScriptedBroker([subscribed])
    t.after(broker.close)

    const run = runCli(['sub', 'a/#', ...broker.flags, '-V', '5', '-v', '-C', '1'])

    assert.deepEqual(await run.stdout(), Buffer.from(`a/${hostile} ${hostile}\n`))
    assert.equal(await run.exitCode, 0)
  })

  test('fault 26: in JSON they are always escaped', async (t) => {
    const broker = await startScriptedBroker([subscribed])
    t.after(broker.close)

    const run = runAgainst(broker, ['sub', 'a/#', '-V', '5', '-C', '1'])
    const line = (await run.stdout()).toString()

    assert.equal(await run.exitCode, 0)
    assert.doesNotMatch(line.trimEnd(), /[\x00-\x1f]/)
    const { topic, payload, properties } = JSON.parse(line)
    assert.deepEqual([topic, payload, properties.userProperties], [`a/${hostile}`, hostile, [[hostile, hostile]]])
  })

  test('fault 26: in the JSON of an error they are escaped as well', async (t) => {
    const refused: Step[] = [...accepts(5), { expect: 'publish' }, acknowledges('40', `87 ${reasonProperties()}`)]
    const broker = await startScriptedBroker([refused])
    t.after(broker.close)

    const run = runAgainst(broker, ['pub', 'a', 'b', '-q', '1', '-V', '5'])
    const line = await run.stderr()

    assert.equal(await run.exitCode, 4)
    assert.doesNotMatch(line.trimEnd(), /[\x00-\x1f]/)
    assert.ok(JSON.parse(line).message.includes(hostile))
  })
})
