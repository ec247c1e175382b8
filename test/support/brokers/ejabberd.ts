import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../network/free-port.ts'
import { type BrokerTls, brokerFolder, type OtherBroker, runBroker } from './other-broker.ts'

const libraries = '/usr/lib/x86_64-linux-gnu'

/** Where Debian puts it, if it has. */
function ebinFolder(): string | undefined {
  try {
    const found = readdirSync(libraries).find((name) => name.startsWith('ejabberd-'))
    return found && join(libraries, found, 'ebin')
  } catch {
    return undefined
  }
}

/** Why tests against ejabberd cannot run here, or undefined. */
export const ejabberdMissing: string | undefined =
  ebinFolder() === undefined || spawnSync('erl', ['-version']).error !== undefined
    ? 'not installed: ejabberd (Debian: ejabberd)'
    : undefined

/** Speaks MQTT 3.1.1 and 5 to anybody. */
export async function startEjabberd(tls?: BrokerTls): Promise<OtherBroker> {
  const folder = brokerFolder()
  const port = await freePort()
  const configFile = join(folder, 'ejabberd.yml')
  writeFileSync(configFile, configuration(port, tls))
  const node = ['-noinput', '-pa', ebinFolder() ?? '', '-mnesia', 'dir', `"${folder}/spool"`, '-s', 'ejabberd']
  return runBroker(['erl', '+S', '1:1', ...node], port, {
    cwd: folder,
    user: 'anybody@localhost',
    isTls: tls !== undefined,
    env: { HOME: folder, EJABBERD_CONFIG_PATH: configFile, EJABBERD_LOG_PATH: join(folder, 'ejabberd.log') },
  })
}

function configuration(port: number, tls: BrokerTls | undefined): string {
  return `hosts: [localhost]
${tls === undefined ? '' : `certfiles: ["${tls.certFile}", "${tls.keyFile}"]`}
loglevel: warning
auth_method: [anonymous]
anonymous_protocol: both
allow_multiple_connections: true
listen:
  - {port: ${port}, ip: "127.0.0.1", module: mod_mqtt, tls: ${tls !== undefined}}
acl: {}
access_rules: {}
modules:
  mod_mqtt:
    max_queue: infinity
    access_publish: {"#": [{allow: all}]}
    access_subscribe: {"#": [{allow: all}]}
`
}
