import { type CliHandle, runCli } from '../program/run-cli.ts'
import { type Reach, reachOf } from './reach.ts'
import { startTerminator } from './terminator.ts'
import { testCertificates } from './test-certificates.ts'
import type { TestTransport } from './transport-table.ts'

/** `inspect proxy` as a process of its own. */
export interface ProxyProgram {
  readonly cli: CliHandle
  /** How clients get to it. */
  readonly reach: Pick<Reach, 'flags'>
  stop(): Promise<number>
}

const schemes = { tcp: 'mqtt', unix: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss' } as const

/** The program, with its listener on one transport and its broker where `upstream` says. A unix socket it has none. */
export async function proxyProgram(upstream: Reach, transport: TestTransport): Promise<ProxyProgram> {
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
