import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../network/free-port.ts'
import { brokerFolder, type OtherBroker, runBroker } from './other-broker.ts'

/** The script of Debian's package wants to change its user; this one runs as whoever we are. */
const server = '/usr/lib/rabbitmq/bin/rabbitmq-server'

/** Why tests against RabbitMQ cannot run here, or undefined. */
export const rabbitmqMissing: string | undefined = existsSync(server)
  ? undefined
  : 'not installed: RabbitMQ (Debian: rabbitmq-server)'

/** RabbitMQ's MQTT plugin: 3.1 and 3.1.1. */
export async function startRabbitmq(): Promise<OtherBroker> {
  const folder = brokerFolder()
  const [port, amqpPort, epmdPort, distributionPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const settings = [
    `listeners.tcp.1 = 127.0.0.1:${amqpPort}`,
    `mqtt.listeners.tcp.1 = 127.0.0.1:${port}`,
    'mqtt.allow_anonymous = true',
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
  ]
  const epmd = { ERL_EPMD_ADDRESS: '127.0.0.1', ERL_EPMD_PORT: String(epmdPort) }
  return runBroker([server], port, {
    cwd: folder,
    alsoStop: () => endEpmd(epmd),
    env: {
      ...epmd,
      HOME: folder,
      RABBITMQ_NODENAME: `t${port}@localhost`,
      RABBITMQ_CONFIG_FILE: file('rabbitmq.conf', `${settings.join('\n')}\n`),
      RABBITMQ_ENABLED_PLUGINS_FILE: file('plugins', '[rabbitmq_mqtt].\n'),
      RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
      RABBITMQ_LOG_BASE: folder,
      RABBITMQ_PID_FILE: join(folder, 'pid'),
      RABBITMQ_DIST_PORT: String(distributionPort),
    },
  })
}

/** Erlang's port mapper is a daemon: it outlives the process group that started it, and ends when asked to. */
function endEpmd(environment: Readonly<Record<string, string>>): void {
  spawnSync('epmd', ['-kill'], { env: { ...process.env, ...environment, ERL_EPMD_RELAXED_COMMAND_CHECK: 'true' } })
}
