import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../network/free-port.ts'
import { type BrokerTls, brokerFolder, type OtherBroker, runBroker } from './other-broker.ts'

const program = 'nats-server'

/** Why tests against NATS cannot run here, or undefined. */
export const natsMissing: string | undefined =
  spawnSync(program, ['--version']).error === undefined ? undefined : 'not installed: NATS (Debian: nats-server)'

/** MQTT 3.1.1 over JetStream. */
export async function startNats(tls?: BrokerTls): Promise<OtherBroker> {
  const folder = brokerFolder()
  const [port, natsPort] = [await freePort(), await freePort()]
  const configFile = join(folder, 'nats.conf')
  const secured = tls === undefined ? '' : `, tls { cert_file: "${tls.certFile}", key_file: "${tls.keyFile}" }`
  const settings = [
    'server_name: test',
    `listen: 127.0.0.1:${natsPort}`,
    `jetstream { store_dir: "${folder}/store" }`,
    `mqtt { listen: "127.0.0.1:${port}", max_ack_pending: 1000${secured} }`,
  ]
  writeFileSync(configFile, `${settings.join('\n')}\n`)
  return runBroker([program, '-c', configFile], port, { cwd: folder, env: {}, isTls: tls !== undefined })
}
