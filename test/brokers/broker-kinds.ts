import { ejabberdMissing, startEjabberd } from '../support/ejabberd.ts'
import { mosquittoMissing, startMosquitto } from '../support/mosquitto.ts'
import type { OtherBroker } from '../support/other-broker.ts'
import { rabbitmqMissing, startRabbitmq } from '../support/rabbitmq.ts'
import { startWatchedBroker } from '../support/watched-broker.ts'

/** A broker that pub and sub are tested against, and what of MQTT it speaks. */
export interface BrokerKind {
  readonly name: string
  /** Why it cannot run here. */
  readonly missing: string | undefined
  readonly start: () => Promise<OtherBroker>
  readonly versions: readonly ('3.1' | '3.1.1' | '5' | 'auto')[]
  readonly qos: readonly (0 | 1 | 2)[]
}

export const brokerKinds: readonly BrokerKind[] = [
  {
    name: 'the embedded broker',
    missing: undefined,
    start: async () => {
      const { port, close } = await startWatchedBroker()
      return { port, login: [], stop: close }
    },
    versions: ['3.1', '3.1.1', '5', 'auto'],
    qos: [0, 1, 2],
  },
  {
    name: 'mosquitto',
    missing: mosquittoMissing(),
    start: async () => {
      const { port, stop } = await startMosquitto()
      return { port, login: [], stop }
    },
    versions: ['3.1', '3.1.1', '5', 'auto'],
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
    qos: [0, 1], // QoS 2 it answers with PUBACK
  },
]
