import { ejabberdMissing, startEjabberd } from '../../test/support/brokers/ejabberd.ts'
import { startMosquitto } from '../../test/support/brokers/mosquitto.ts'
import { natsMissing, startNats } from '../../test/support/brokers/nats.ts'
import type { BrokerTls } from '../../test/support/brokers/other-broker.ts'
import { freePort } from '../../test/support/network/free-port.ts'
import { testCertificates } from '../../test/support/transports/test-certificates.ts'
import { listenerOn } from './process-cpu.ts'

export type Over = 'tcp' | 'tls'

/** A broker with one way in. */
export interface ProxiedBroker {
  readonly port: number
  readonly pid: number
  /** Of mosquitto_pub, to get in, by itself or through a proxy. */
  readonly words: readonly string[]
  stop(): Promise<void>
}

export interface ProxiedKind {
  readonly name: string
  /** How many messages are published at each QoS that it has. */
  readonly messages: readonly number[]
  start(over: Over): Promise<ProxiedBroker>
}

const tlsFiles: BrokerTls = {
  certFile: testCertificates().certFile('server'),
  keyFile: testCertificates().keyFile('server'),
}

const table: readonly (ProxiedKind & { readonly missing?: string | undefined })[] = [
  {
    name: 'mosquitto',
    messages: [300_000, 50_000, 30_000],
    start: async (over) => {
      const { port, stop } = await startMosquittoOver(over)
      return startedOn(port, over, [], stop)
    },
  },
  {
    name: 'ejabberd',
    missing: ejabberdMissing,
    messages: [100_000, 20_000, 12_000],
    start: async (over) => {
      const { port, login, stop } = await startEjabberd(over === 'tls' ? tlsFiles : undefined)
      return startedOn(port, over, login, stop)
    },
  },
  {
    name: 'NATS',
    missing: natsMissing,
    messages: [100_000, 15_000],
    start: async (over) => {
      const { port, login, stop } = await startNats(over === 'tls' ? tlsFiles : undefined)
      return startedOn(port, over, login, stop)
    },
  },
]

export const proxiedKinds: readonly ProxiedKind[] = table.filter(({ missing }) => missing === undefined)

/** How our proxy, and the floor, are told to speak TLS on both sides. */
export const proxyTls = { ...tlsFiles, caFile: testCertificates().caFile }

async function startMosquittoOver(over: Over): Promise<{ port: number; stop(): Promise<void> }> {
  const port = await freePort()
  const secured = over === 'tls' ? [`certfile ${tlsFiles.certFile}`, `keyfile ${tlsFiles.keyFile}`] : []
  const config = ['set_tcp_nodelay true', 'sys_interval 0', `listener ${port} 127.0.0.1`, ...secured].join('\n')
  const { stop } = await startMosquitto({ config })
  return { port, stop }
}

function startedOn(port: number, over: Over, login: readonly string[], stop: () => Promise<void>): ProxiedBroker {
  const trust = over === 'tls' ? ['-h', 'localhost', '--cafile', proxyTls.caFile] : ['-h', '127.0.0.1']
  return { port, pid: listenerOn(port), words: [...trust, ...login], stop }
}
