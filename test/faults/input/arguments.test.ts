import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { runCli } from '../../support/program/run-cli.ts'
import { endOf } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'

const program = join(import.meta.dirname, '..', '..', '..', 'bin', 'run.js')

interface Row {
  readonly what: string
  readonly args: readonly string[]
  readonly rule?: string
}

/** `URL` stands for the broker, so that a path can follow it. */
const rows: readonly Row[] = [
  { what: '+ in a topic to publish to', args: ['pub', 'a/+', 'b'], rule: '[MQTT-3.3.2-2]' },
  { what: '# in a topic to publish to', args: ['pub', '-t', 'a/#', '-m', 'b'], rule: '[MQTT-3.3.2-2]' },
  { what: 'an empty topic to publish to', args: ['pub', '', 'b'], rule: '[MQTT-4.7.3-1]' },
  { what: 'NUL in a topic', args: ['pub', '-L', 'URL/a%00b', '-m', 'x'], rule: '[MQTT-4.7.3-2]' },
  { what: 'bytes that are not UTF-8 in a topic of a URL', args: ['pub', '-L', 'URL/a%ffb', '-m', 'x'] },
  { what: 'a topic of 65,536 bytes', args: ['pub', 'a'.repeat(65_536), 'b'], rule: '[MQTT-4.7.3-3]' },
  { what: '# that is not last', args: ['sub', 'a/#/b'], rule: '[MQTT-4.7.1-1]' },
  { what: '# beside text', args: ['sub', 'a#'], rule: '[MQTT-4.7.1-1]' },
  { what: '+ beside text', args: ['sub', 'a+/b'], rule: '[MQTT-4.7.1-2]' },
  { what: 'an empty filter', args: ['sub', ''], rule: '[MQTT-4.7.3-1]' },
  { what: 'NUL in a filter', args: ['sub', '-L', 'URL/a%00'], rule: '[MQTT-4.7.3-2]' },
  { what: 'a bad filter among good ones', args: ['sub', 'a', 'b/#/c', 'd'], rule: '[MQTT-4.7.1-1]' },
  { what: 'a bad filter of -T', args: ['sub', 'a', '-T', 'b+'], rule: '[MQTT-4.7.1-2]' },
  { what: 'a bad filter of -U', args: ['sub', 'a', '-U', '#/b'], rule: '[MQTT-4.7.1-1]' },
  {
    what: 'a wildcard in the topic of the will',
    args: ['pub', 'a', 'b', '--will-topic', 'w/#', '--will-payload', 'x'],
  },
  { what: 'a wildcard in the response topic', args: ['pub', 'a', 'b', '-D', 'publish', 'response-topic', 'r/+'] },
]

describe('a topic that cannot be', { concurrency: 2 }, () => {
  for (const { what, args, rule } of rows) {
    test(`fault 25: ${what} is 2 before anything is sent${rule === undefined ? '' : ` ${rule}`}`, async (t) => {
      const broker = await startScriptedBroker([])
      t.after(broker.close)
      const url = `mqtt://127.0.0.1:${broker.port}`
      const target = args.includes('-L') ? [] : ['-L', url]
      const [command = '', ...rest] = args.map((word) => word.replace('URL', url))

      const end = await endOf(runCli([command, '--json', ...rest, ...target]))

      assert.equal(end.exitCode, 2)
      assert.equal(end.error.kind, 'usage')
      if (rule !== undefined) assert.equal(end.error.statement, rule)
      assert.equal(broker.unexpected, 0)
    })
  }

  for (const [what, words] of [
    ['topic', 'pub "$(printf \'a\\377\')" b'],
    ['filter', 'sub "$(printf \'a\\355\\240\\200\')"'],
    ['client identifier', 'pub a b -i "$(printf \'\\300\\257\')"'],
  ] as const) {
    test(`fault 25: a ${what} of bytes that are not UTF-8 is 2, and not sent as U+FFFD [MQTT-1.5.4-1]`, async (t) => {
      const broker = await startScriptedBroker([])
      t.after(broker.close)
      const line = `exec "${process.execPath}" "${program}" ${words} --json -h 127.0.0.1 -p ${broker.port}`

      const end = await endOf(runCli([], { program: ['sh', '-c', line] }))

      assert.equal(end.exitCode, 2)
      assert.equal(broker.unexpected, 0)
    })
  }
})
