import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Mosquitto, mosquittoMissing, startMosquitto } from './support/brokers/mosquitto.ts'
import { type CliHandle, runCli } from './support/program/run-cli.ts'

const skip = mosquittoMissing()

async function stdoutOf(cli: CliHandle): Promise<string> {
  assert.equal(await cli.exitCode, 0, await cli.stderr())
  return (await cli.stdout()).toString()
}

describe('what hands type from habit reaches the broker', { skip }, () => {
  let broker: Mosquitto
  before(async () => {
    broker = await startMosquitto()
  })
  after(() => broker.stop())

  const spellings: readonly {
    readonly what: string
    readonly args: (port: number) => readonly string[]
    readonly stdin?: Buffer
  }[] = [
    { what: '-h host:port', args: (port) => ['-h', `127.0.0.1:${port}`, 'home/door', 'open'] },
    { what: '-h URL', args: (port) => ['-h', `mqtt://127.0.0.1:${port}`, 'home/door', 'open'] },
    { what: '-L host:port', args: (port) => ['-L', `127.0.0.1:${port}`, 'home/door', 'open'] },
    { what: 'a URL as the first word', args: (port) => [`mqtt://127.0.0.1:${port}`, 'home/door', 'open'] },
    { what: 'a URL with the topic', args: (port) => [`mqtt://127.0.0.1:${port}/home/door`, 'open'] },
    { what: 'a dash as the message', args: (port) => ['-p', `${port}`, 'home/door', '-'], stdin: Buffer.from('open') },
    {
      what: 'a dash as the file',
      args: (port) => ['-p', `${port}`, 'home/door', '-f', '-'],
      stdin: Buffer.from('open'),
    },
  ]
  for (const { what, args, stdin } of spellings) {
    test(what, async () => {
      const sub = runCli(['sub', `mqtt://127.0.0.1:${broker.port}/home/%23`, '-C', '1', '-v', '-d'])
      await sub.whenStderr(/SUBACK/)

      await stdoutOf(runCli(['pub', ...args(broker.port)], stdin === undefined ? {} : { stdin }))

      assert.equal(await stdoutOf(sub), 'home/door open\n')
    })
  }
})

const refused: readonly { readonly args: readonly string[]; readonly says: RegExp }[] = [
  { args: ['inspect', '--embedded', 'decode'], says: /mqtt-cli inspect decode[\s\S]*inspect -t decode/ },
  { args: ['inspect', 'decoed'], says: /mqtt-cli inspect decode[\s\S]*inspect -t decoed/ },
  { args: ['bench', 'pbu'], says: /did you mean mqtt-cli bench pub/ },
  { args: ['pub', '--retian', 'a', 'b'], says: /did you mean --retain/ },
  { args: ['pub', '-qos', '1', 'a', 'b'], says: /write --qos/ },
  { args: ['sub', '--format', 'json', 'a'], says: /for JSON, --json/ },
  { args: ['pub', '-h', 'broker:1884', '-p', '1885', 'a', 'b'], says: /--host has port 1884/ },
]

for (const { args, says } of refused) {
  test(`${args.join(' ')}: 2, and what was meant`, async () => {
    const cli = runCli(args)

    assert.equal(await cli.exitCode, 2)
    assert.match(await cli.stderr(), says)
  })
}
