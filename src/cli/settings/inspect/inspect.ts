import type { ConnectionSettings } from '../../../connection/settings.ts'
import type { InspectedPublish, InspectSettings } from '../../../features/inspect/settings.ts'
import type { ProtocolVersion } from '../../../protocol/wire/packet.ts'
import type { FlagValues } from '../../flags/flag.ts'
import type { inspectFlags } from '../../flags/inspect.ts'
import { usageError } from '../../usage-error.ts'
import { positiveDurationMs } from '../../values/duration.ts'
import { integer } from '../../values/integer.ts'
import { type PacketProperties, packetProperties } from '../../values/property-words.ts'
import { qos } from '../../values/qos.ts'
import { topicName } from '../../values/topic.ts'
import { wasUtf8 } from '../../values/valid-text.ts'
import { connectionSettings, connectionVersion } from '../connection.ts'
import { type Input, isTyped, read, readList } from '../input.ts'
import type { PasswordSource } from '../login.ts'
import { withFilterLimit } from '../many-filters.ts'
import { connectionNotes } from '../notes.ts'
import { type Reporting, reporting } from '../output.ts'
import { reconnectSettings } from '../reconnect.ts'
import { subscriptions } from '../subscriptions.ts'
import { destination } from '../target.ts'
import { type ViewSettings, viewSettings } from './inspect-view.ts'

type InspectInput = Input<FlagValues<typeof inspectFlags>>

export interface InspectCommandSettings extends Reporting, ViewSettings {
  readonly connection: ConnectionSettings
  readonly passwordSource?: PasswordSource
  readonly inspect: InspectSettings
  readonly embedded: boolean
  /** Warnings to say on stderr. */
  readonly notes: readonly string[]
}

export function inspectSettingsFrom(input: InspectInput): InspectCommandSettings {
  const place = destination(input)
  const properties = packetProperties(
    readList(input, 'property', (text) => text),
    ['connect', 'publish', 'subscribe', 'will', 'disconnect'],
  )
  const version = connectionVersion(input, place, [])
  const view = viewSettings(input)
  const inspect = exchangeSettings(input, place.url?.topic, version, properties, view)
  const connecting = connectionSettings(input, {
    destination: place,
    properties,
    version,
    reconnect: reconnectSettings(input, { mode: 'never' }), // the end of the connection is a finding
    wantsOwnSession: false,
    wantedCount: inspect.count,
  })
  const notes = connectionNotes(input, connecting.connection.tls.insecure, place)
  const connection = withFilterLimit(input, connecting.connection)
  return { ...connecting, connection, ...reporting(input), ...view, inspect, embedded: place.embedded, notes }
}

function exchangeSettings(
  input: InspectInput,
  urlTopic: string | undefined,
  version: ProtocolVersion | 'auto',
  properties: PacketProperties,
  { filter }: ViewSettings,
): InspectSettings {
  const publishes = readList(input, 'publish', (text, flag) => publishOf(text, flag, version))
  refuseIdle(input, publishes.length)
  const count = read(input, 'count', (text, flag) => integer(text, flag, { minimum: 1, maximum: 2 ** 31 }))
  const giveUpAfterMs = read(input, 'timeout', positiveDurationMs)
  return {
    subscriptions: subscriptions(input, urlTopic, version, true),
    subscribeProperties: properties.subscribe,
    publishes,
    qos: read(input, 'qos', qos) ?? 0,
    retain: input.flags.retain === true,
    publishProperties: properties.publish,
    ...(count !== undefined && { count }),
    ...(giveUpAfterMs !== undefined && { giveUpAfterMs }),
    filter,
  }
}

/** `home/door=open`: the first equals sign parts them, so a message may have more. */
function publishOf(text: string, flag: string, version: ProtocolVersion | 'auto'): InspectedPublish {
  const equals = text.indexOf('=')
  if (equals === -1) throw usageError(`${flag} has no message: ${JSON.stringify(text)}`, `${flag} home/door=open`)
  const topic = topicName(text.slice(0, equals), flag, version)
  return { topic, payload: Buffer.from(wasUtf8(text.slice(equals + 1), flag, 'publish bytes with pub -f')) }
}

/** A typed flag that would do nothing is a mistake. */
function refuseIdle(input: InspectInput, publishes: number): void {
  if (publishes > 0 || !isTyped(input, 'retain')) return
  throw usageError('--retain is for what is published, and nothing is', 'add --publish TOPIC=MESSAGE')
}
