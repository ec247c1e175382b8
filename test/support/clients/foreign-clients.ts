import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import mqtt from 'mqtt'
import { withPatience } from '../program/patience.ts'

export type ForeignVersion = 4 | 5
export type ForeignQoS = 0 | 1 | 2

export interface ForeignMessage {
  readonly version: ForeignVersion
  readonly port: number
  readonly topic: string
  readonly qos: ForeignQoS
  readonly retain: boolean
  readonly payload: string
}

/** A client that is not ours. */
export interface ForeignClient {
  readonly name: string
  /** Why it cannot run here. */
  readonly missing: string | undefined
  /** Resolves when the broker has the message. */
  publish(message: ForeignMessage): Promise<void>
  /** Resolves, after that many messages, with `topic qos retain payload` of each. */
  subscribe(wanted: Omit<ForeignMessage, 'retain' | 'payload'>, count: number): Promise<readonly string[]>
  /** Begins to connect with this will; the function that comes back breaks the connection without DISCONNECT. */
  connectWithWill(message: ForeignMessage): Promise<() => void>
}

const python = '/usr/bin/python3' // Debian's own: its paho does not show in another
const pahoScript = join(import.meta.dirname, 'paho-client.py')

const mosquitto: ForeignClient = {
  name: 'mosquitto',
  missing: spawnSync('mosquitto_sub', ['--help']).error && 'not installed: mosquitto-clients',
  publish: (message) =>
    finished(spawn('mosquitto_pub', [...mosquittoArguments(message), ...payloadArguments(message)])),
  subscribe: (wanted, count) => {
    const format = ['-C', String(count), '-F', '%t %q %r %p']
    return lines(spawn('mosquitto_sub', [...mosquittoArguments(wanted), ...format]))
  },
  connectWithWill: async (message) => {
    const { port, topic, qos, payload, version } = message
    const will = ['--will-topic', topic, '--will-payload', payload, '--will-qos', String(qos)]
    const own = ['-t', 'nothing', '-p', String(port), '-V', version === 4 ? '311' : '5', ...will]
    const child = spawn('mosquitto_sub', own)
    return () => child.kill('SIGKILL')
  },
}

const paho: ForeignClient = {
  name: 'paho',
  missing: spawnSync(python, ['-c', 'import paho.mqtt']).status === 0 ? undefined : 'not installed: python3-paho-mqtt',
  publish: (message) => finished(spawn(python, pahoArguments('pub', message, message.payload))),
  subscribe: (wanted, count) => lines(spawn(python, pahoArguments('sub', wanted, String(count)))),
  connectWithWill: async (message) => {
    const child = spawn(python, pahoArguments('will', message, message.payload))
    return () => child.stdin.write('\n')
  },
}

const mqttJs: ForeignClient = {
  name: 'mqtt.js',
  missing: undefined,
  publish: async ({ topic, payload, qos, retain, ...rest }) => {
    const client = await openMqttJs(rest)
    await client.publishAsync(topic, payload, { qos, retain })
    await client.endAsync()
  },
  subscribe: async ({ topic, qos, ...rest }, count) => {
    const client = await openMqttJs(rest)
    const seen: string[] = []
    const all = new Promise<void>((resolve) => {
      client.on('message', (name, payload, packet) => {
        seen.push(`${name} ${packet.qos} ${packet.retain ? 1 : 0} ${payload}`)
        if (seen.length === count) resolve()
      })
    })
    await client.subscribeAsync(topic, { qos })
    await withPatience(all, `${count} messages at mqtt.js; came: ${seen}`)
    await client.endAsync()
    return seen
  },
  connectWithWill: async ({ topic, payload, qos, retain, ...rest }) => {
    const client = await openMqttJs({ ...rest, will: { topic, payload: Buffer.from(payload), qos, retain } })
    return () => client.stream.destroy()
  },
}

export const foreignClients: readonly ForeignClient[] = [mosquitto, paho, mqttJs]

function openMqttJs({ port, version, ...options }: { port: number; version: ForeignVersion } & mqtt.IClientOptions) {
  return mqtt.connectAsync({ host: '127.0.0.1', port, protocolVersion: version, reconnectPeriod: 0, ...options })
}

type Addressed = Omit<ForeignMessage, 'retain' | 'payload'> & { readonly retain?: boolean }

function mosquittoArguments({ port, version, topic, qos }: Addressed): string[] {
  return ['--nodelay', '-p', String(port), '-V', version === 4 ? '311' : '5', '-t', topic, '-q', String(qos)]
}

function payloadArguments({ payload, retain }: ForeignMessage): string[] {
  return ['-m', payload, ...(retain ? ['-r'] : [])]
}

function pahoArguments(what: string, { version, port, topic, qos, retain }: Addressed, last: string): string[] {
  return [pahoScript, what, String(version), String(port), topic, String(qos), retain === true ? '1' : '0', last]
}

async function finished(child: ChildProcess): Promise<void> {
  const [code] = await withPatience(once(child, 'close'), `${child.spawnfile} to end`)
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${code}`)
}

async function lines(child: ChildProcess): Promise<readonly string[]> {
  const seen: string[] = []
  createInterface({ input: child.stdout! }).on('line', (line) => seen.push(line))
  child.stderr?.on('data', (bytes) => seen.push(`stderr: ${bytes}`))
  await finished(child).finally(() => child.kill())
  return seen
}
