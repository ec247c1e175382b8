import { join } from 'node:path'
import { freePort } from '../test/support/network/free-port.ts'
import { writeCertificates } from '../test/support/transports/certificates.ts'
import type { Bench } from './bench.ts'

export const ways = ['tcp', 'tls', 'ws', 'wss', 'unix'] as const
export type Way = (typeof ways)[number]

/** One mosquitto that listens in every way, and how each kind of client is told to come. */
export interface BrokerOverAll {
  readonly port: number
  ours(way: Way): readonly string[]
  mosquittos(way: 'tcp' | 'tls'): readonly string[]
}

export async function brokerOverAll(bench: Bench): Promise<BrokerOverAll> {
  const { folder } = bench.workload
  const { caFile, certFile, keyFile } = writeCertificates(folder)
  const secured = [`certfile ${certFile('server')}`, `keyfile ${keyFile('server')}`]
  const unix = join(folder, 'broker.sock')
  const [tls, ws, wss] = await Promise.all([freePort(), freePort(), freePort()])
  const { port } = await bench.broker({
    inflight: 1000,
    listeners: [
      ...[`listener ${tls} 127.0.0.1`, ...secured],
      ...[`listener ${ws} 127.0.0.1`, 'protocol websockets'],
      ...[`listener ${wss} 127.0.0.1`, 'protocol websockets', ...secured],
      `listener 0 ${unix}`,
    ],
  })
  const urls: Record<Way, string> = {
    tcp: `mqtt://localhost:${port}`,
    tls: `mqtts://localhost:${tls}`,
    ws: `ws://localhost:${ws}/mqtt`,
    wss: `wss://localhost:${wss}/mqtt`,
    unix: `unix://${unix}`,
  }
  const trust = ['--cafile', caFile]
  return {
    port,
    ours: (way) => ['-L', urls[way], ...(way === 'tls' || way === 'wss' ? trust : [])],
    mosquittos: (way) =>
      way === 'tls' ? ['-h', 'localhost', '-p', `${tls}`, ...trust] : ['-h', 'localhost', '-p', `${port}`],
  }
}
