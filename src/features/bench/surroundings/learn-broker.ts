import type { Abortable } from '../../../connection/abort.ts'
import { leanDriver } from '../../../connection/driver/drivers.ts'
import { type Established, establish } from '../../../connection/establish.ts'
import { type MessageSink, Receiver } from '../../../connection/link/receiver.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import { InboundWindow } from '../../../protocol/session/inbound-window.ts'
import { InboundTopicAliases } from '../../../protocol/session/topic-alias.ts'
import type { Connack } from '../../../protocol/wire/packet.ts'
import type { Fingerprint } from '../fingerprint.ts'

/** Mosquitto's and others' name of it, and EMQX'. */
const filters = ['$SYS/broker/version', '$SYS/broker/uptime', '$SYS/brokers/+/version']
const uptimeTopic = '$SYS/broker/uptime'
const longestMs = 1000
/** Where the answer to SUBSCRIBE has come, a retained message is right behind it. */
const answerMs = 100
const mostCharacters = 200
/** Of one connection alone, or of this moment. */
const notOfTheBroker = new Set(['assignedClientIdentifier', 'reasonString', 'authenticationData', 'userProperties'])

interface LearnedBroker {
  readonly facts: Fingerprint['broker']
  readonly uptimeSeconds?: number
}

/**
 * What the broker says of itself, asked on a connection of its own once the load is over: nothing of it is in any figure.
 * A broker that keeps it to itself, or lets nobody ask, is as good as any other.
 */
export async function learnBroker(client: ConnectionSettings, signal: Abortable): Promise<LearnedBroker> {
  const told = new Map<string, string>()
  const established = await connected(client, signal, told).catch(() => {})
  if (established === undefined) return { facts: {} }
  const { link, version, connack } = established
  await askVersion(established, told).catch(() => {})
  await link.leave(0, {}).catch(() => {})
  const [, seconds] = /^(\d+)/.exec(told.get(uptimeTopic) ?? '') ?? []
  const [named] = [...told].filter(([topic]) => topic !== uptimeTopic).map(([, text]) => text)
  return {
    facts: { ...(named !== undefined && { version: named }), ...(version === 5 && { connack: connackText(connack) }) },
    ...(seconds !== undefined && { uptimeSeconds: Number(seconds) }),
  }
}

/** A session that leaves nothing behind, whatever those of the load do. */
function connected(client: ConnectionSettings, signal: Abortable, told: Map<string, string>): Promise<Established> {
  const { will: _will, ...rest } = client
  const { sessionExpiryInterval: _expiry, ...properties } = client.properties
  const settings: ConnectionSettings = {
    ...rest,
    properties,
    cleanStart: true,
    cleanSession311: true,
    connectDeadlineMs: Math.min(client.connectDeadlineMs, longestMs),
    reconnect: { mode: 'never' },
  }
  const { version, clientId } = settings
  return establish({
    settings,
    makeDriver: leanDriver,
    version,
    clientId,
    mayResume: false,
    signal,
    accepted: (link) => {
      const { outbox, version: found } = link
      const window = new InboundWindow(properties.receiveMaximum ?? 65_535)
      const aliases = new InboundTopicAliases(properties.topicAliasMaximum ?? 0)
      aliases.startConnection()
      link.receiver = new Receiver({
        sink: sinkInto(told),
        window,
        aliases,
        outbox,
        version: found,
        hold: (isHeld) => link.hold(isHeld),
      })
    },
  })
}

function sinkInto(told: Map<string, string>): MessageSink {
  return {
    message: (view) => {
      told.set(view.topic(), view.bytes.toString('utf8', view.payloadStart, view.payloadEnd).slice(0, mostCharacters))
      return true
    },
    batchEnd: (written) => written(),
  }
}

async function askVersion({ link }: Established, told: ReadonlyMap<string, string>): Promise<void> {
  const options = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
  const asked = filters.map((filter) => ({ filter, ...options }))
  const answer = link.driver.subscribe(asked, {})
  await within(longestMs, Promise.race([answer, link.ended]))
  if (told.size < 2) await within(answerMs, link.ended)
}

/** What is awaited, or so long. No timer is left: it would keep the program alive that had nothing more to do. */
async function within(milliseconds: number, awaited: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([awaited, over]).finally(() => clearTimeout(timer))
}

function connackText({ properties }: Connack): string {
  const said = Object.entries(properties).filter(([name]) => !notOfTheBroker.has(name))
  return said
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(' ')
}
