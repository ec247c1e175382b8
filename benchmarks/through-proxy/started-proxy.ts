import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '../../test/support/network/free-port.ts'
import { type Over, type ProxiedBroker, proxyTls } from './proxied-brokers.ts'

export interface StartedProxy {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '..', '..')
const lookAgainMs = 50
const startLimitMs = 10_000

/** `inspect proxy` with these flags; over TLS it speaks that on both sides. */
export async function startProxy(broker: ProxiedBroker, over: Over, flags: readonly string[]): Promise<StartedProxy> {
  const port = await freePort()
  const { certFile, keyFile, caFile } = proxyTls
  const target = over === 'tls' ? `mqtts://localhost:${broker.port}` : `mqtt://127.0.0.1:${broker.port}`
  const secured = over === 'tls' ? ['--cert', certFile, '--key', keyFile, '--cafile', caFile] : []
  const words = ['inspect', 'proxy', '--listen', `${port}`, '--to', target, ...secured, ...flags]
  return started([join(root, 'bin', 'run.js'), ...words], port, broker)
}

/** The least that Node can be as a proxy. */
export async function startFloor(broker: ProxiedBroker, over: Over): Promise<StartedProxy> {
  const port = await freePort()
  const secured = over === 'tls' ? [proxyTls.certFile, proxyTls.keyFile] : []
  const program = join(root, 'benchmarks', 'processes', 'floor-proxy.js')
  return started([program, `${port}`, `${broker.port}`, ...secured], port, broker)
}

async function started(command: readonly string[], port: number, broker: ProxiedBroker): Promise<StartedProxy> {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: undefined }
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'], env })
  const deadline = performance.now() + startLimitMs
  while (spawnSync('mosquitto_pub', ['-p', `${port}`, '-t', 'ready', '-n', ...broker.words]).status !== 0) {
    if (performance.now() > deadline) throw new Error(`${command[0]} does not answer`)
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
  }
  return { port, pid: child.pid ?? 0, stop: () => ended(child) }
}

async function ended(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGINT')
  await closed
}
