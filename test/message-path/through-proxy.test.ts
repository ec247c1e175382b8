import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { boundlessQueues } from '../nothing-lost/counting-subscriber.ts'
import { firstDifference, numberedLines } from '../nothing-lost/numbered-lines.ts'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../support/mosquitto.ts'
import { type CliHandle, runCli } from '../support/run-cli.ts'
import { type Reach, reachOf } from '../support/transports/reach.ts'
import { startTerminator } from '../support/transports/terminator.ts'
import { testCertificates } from '../support/transports/test-certificates.ts'
import { thisTransport, transportTable } from '../support/transports/transport-table.ts'

const lineCount = 5000
const lines = numberedLines(1, lineCount)
const config = `${boundlessQueues}max_inflight_messages 1000`

interface Proxy {
  readonly cli: CliHandle
  /** How clients get to it. */
  readonly reach: Pick<Reach, 'flags'>
  stop(): Promise<number>
}

describe('inspect proxy', { skip: mosquittoMissing() }, () => {
  let broker: Mosquitto
  before(async () => {
    broker = await startMosquitto({ config })
  })
  after(() => broker.stop())

  const sides: ReadonlyArray<readonly [name: string, start: () => Promise<Proxy>]> = [
    ['whose broker is reached over this transport', () => proxyTo(broker, transportTable.tcp)],
    ['whose clients come over this transport', () => proxyTo(reachOf(broker, transportTable.tcp), thisTransport)],
  ]
  for (const [name, start] of sides) {
    for (const qos of ['0', '1', '2']) {
      test(`${name}: ${lineCount} lines of QoS ${qos} pass it both ways, once each and in order`, async (t) => {
        const proxy = await start()
        t.after(() => proxy.stop())
        const target = [...proxy.reach.flags, '-t', `lines/${qos}`, '-q', qos]
        const sub = runCli(['sub', ...target, '-C', String(lineCount), '--trace'])
        await sub.whenStderr(/SUBACK/)

        const pub = runCli(['pub', '-l', ...target], { stdin: lines })

        assert.deepEqual([await pub.exitCode, await pub.stderr()], [0, ''])
        assert.equal(await sub.exitCode, 0)
        assert.equal(firstDifference(await sub.stdout(), lines), undefined)
        assert.equal(await proxy.stop(), 130)
      })
    }
  }
})

const schemes = { tcp: 'mqtt', unix: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss' } as const

/** The program, with its listener on one transport and its broker where `upstream` says. A unix socket it has none. */
async function proxyTo(upstream: Reach, transport: typeof thisTransport): Promise<Proxy> {
  const { caFile, certFile, keyFile } = testCertificates()
  const trusting = upstream.transport.isTls ? ['--cafile', caFile] : []
  const certificate = transport.isTls ? ['--cert', certFile('server'), '--key', keyFile('server')] : []
  const listen = ['--listen', `${schemes[transport.name]}://127.0.0.1:0`]
  const cli = runCli(['inspect', 'proxy', ...listen, ...certificate, '--to', upstream.url, ...trusting])
  const [, port] = await cli.whenStdout(/\w+:\/\/127\.0\.0\.1:(\d+)/)
  cli.child.stdout.resume()
  const address = { port: Number(port) }
  const terminator = transport.isUnix ? await startTerminator(address.port) : undefined
  const stop = () => {
    terminator?.close()
    cli.kill('SIGINT')
    return cli.exitCode
  }
  return { cli, reach: terminator ?? reachOf(address, transport), stop }
}
