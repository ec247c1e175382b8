import type { Properties, QoS } from '../../protocol/wire/packet.ts'

export interface DemoMessage {
  readonly topic: string
  readonly payload: string
  readonly qos: QoS
  readonly retain: boolean
  readonly properties: Properties
}

export const demoFilter = 'home/#'
export const demoUser = 'demo'

/** One message of each QoS. */
export const demoMessages: readonly DemoMessage[] = [
  {
    topic: 'home/kitchen/temperature',
    payload: '21.5',
    qos: 0,
    retain: false,
    properties: {
      userProperties: [
        ['unit', '°C'],
        ['sensor', 'k2'],
      ],
    },
  },
  { topic: 'home/door', payload: 'open', qos: 1, retain: true, properties: {} },
  { topic: 'home/alarm', payload: 'armed', qos: 2, retain: false, properties: {} },
]

export const strangersMessage: DemoMessage = {
  topic: 'home/alarm',
  payload: 'off',
  qos: 0,
  retain: false,
  properties: {},
}

/** Everything below the filter, as it was published: the retain flag too. */
export function demoSubscription(filter: string) {
  return {
    subscribe: {
      subscriptions: [{ filter, qos: 2, noLocal: false, retainAsPublished: true, retainHandling: 0 }],
      properties: {},
      unsubscribe: [],
      unsubscribeProperties: {},
      filterOut: [],
      exitAfterSuback: false,
      hideRetained: false,
      retainedOnly: false,
    },
  } as const
}
