import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { brokerFolder, type OtherBroker, runBroker } from './other-broker.ts'

/** Why tests against NATS cannot run here, or undefined. */
export const natsMissing: string | undefined =
  spawnSync('nats-server', ['--version']).error === undefined
    ? undefined
    : 'not installed: nats-server (Debian: nats-server)'

/** Speaks MQTT 3.1.1, and closes on a PUBLISH at QoS 2. */
export async function startNats(): Promise<OtherBroker> {
  const folder = brokerFolder()
  const [port, ownPort] = [await freePort(), await freePort()]
  const configFile = join(folder, 'nats.conf')
  writeFileSync(configFile, configuration(port, ownPort, join(folder, 'jetstream')))
  return runBroker(['nats-server', '-c', configFile], port, { cwd: folder, env: { HOME: folder } })
}

/** MQTT needs JetStream, and a server that has a name. */
function configuration(port: number, ownPort: number, store: string): string {
  return `host: "127.0.0.1"
port: ${ownPort}
server_name: test
jetstream { store_dir: "${store}" }
mqtt { host: "127.0.0.1", port: ${port} }
`
}
