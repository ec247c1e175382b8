import { startWatchedBroker } from '../scripted-broker/watched-broker.ts'
import { matrixCell } from '../transports/matrix-cell.ts'
import { ejabberdMissing, startEjabberd } from './ejabberd.ts'
import { mosquittoMissing, startMosquitto } from './mosquitto.ts'
import { natsMissing, startNats } from './nats.ts'
import type { OtherBroker } from './other-broker.ts'
import { rabbitmqMissing, startRabbitmq } from './rabbitmq.ts'
import { startWindowedBroker } from './windowed-broker.ts'
import type { WindowedOptions } from './windowed-client.ts'

/** A broker that pub and sub are tested against, and what of MQTT it speaks. */
export interface BrokerKind {
  readonly name: string
  /** Why it cannot run here. */
  readonly missing: string | undefined
  readonly start: () => Promise<OtherBroker>
  readonly versions: readonly ('3.1' | '3.1.1' | '5' | 'auto')[]
  readonly qos: readonly (0 | 1 | 2)[]
  /** What a QoS 2 publish brings where the broker has no QoS 2. */
  readonly answerToQoS2?: { readonly exitCode: number; readonly said: RegExp }
  /** One of ours that passes messages on and can do nothing else: no retained ones, no properties. */
  readonly isScripted?: true
}

const allVersions = ['3.1', '3.1.1', '5', 'auto'] as const

const table: readonly BrokerKind[] = [
  {
    name: 'mosquitto',
    missing: mosquittoMissing(),
    start: async () => {
      const { port, stop } = await startMosquitto({ config: 'max_queued_messages 0' })
      return { port, login: [], stop }
    },
    versions: allVersions,
    qos: [0, 1, 2],
  },
  {
    name: 'the embedded broker',
    missing: undefined,
    start: async () => {
      const { port, close } = await startWatchedBroker()
      return { port, login: [], stop: close }
    },
    versions: allVersions,
    qos: [0, 1, 2],
  },
  {
    name: 'ejabberd',
    missing: ejabberdMissing,
    start: startEjabberd,
    versions: ['3.1.1', '5', 'auto'],
    qos: [0, 1, 2],
  },
  {
    name: 'RabbitMQ',
    missing: rabbitmqMissing,
    start: startRabbitmq,
    versions: ['3.1', '3.1.1', 'auto'],
    qos: [0, 1],
    answerToQoS2: { exitCode: 6, said: /answers a QoS 2 publish with PUBACK/ },
  },
  {
    name: 'NATS',
    missing: natsMissing,
    start: startNats,
    versions: ['3.1.1', 'auto'],
    qos: [0, 1],
    answerToQoS2: { exitCode: 5, said: /QoS 2/ }, // it closes
  },
  scripted('Receive Maximum 2', { receiveMaximum: 2 }, ['5', 'auto']),
  scripted('a packet a segment', {}),
  scripted('window 1', { window: 1 }),
  scripted('window 10', { window: 10 }),
  scripted('window 20', { window: 20 }),
  scripted('window 1000', { window: 1000 }),
]

function scripted(name: string, options: WindowedOptions, versions: BrokerKind['versions'] = allVersions): BrokerKind {
  const start = () => startWindowedBroker(options)
  return { name, missing: undefined, start, versions, qos: [0, 1, 2], isScripted: true }
}

/** All of them, or the one that this run is about. */
export const brokerKinds = table.filter(({ name }) => matrixCell === undefined || matrixCell === name)
