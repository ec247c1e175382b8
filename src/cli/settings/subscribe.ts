import type { ConnectionSettings } from '../../connection/settings.ts'
import type { SubscribeSettings } from '../../features/subscribe/settings.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import { usageError } from '../usage-error.ts'
import { positiveDurationMs } from '../values/duration.ts'
import { integer } from '../values/integer.ts'
import { type PacketProperties, packetProperties } from '../values/property-words.ts'
import { topicFilter } from '../values/topic.ts'
import type { SubscribeInput } from './command-input.ts'
import { connectionSettings, connectionVersion } from './connection.ts'
import { isTyped, read, readList } from './input.ts'
import type { PasswordSource } from './login.ts'
import { overlapNotes, withFilterLimit } from './many-filters.ts'
import { connectionNotes } from './notes.ts'
import { type OutputSettings, outputSettings, type Reporting, reporting } from './output.ts'
import { reconnectSettings } from './reconnect.ts'
import { subscriptions } from './subscriptions.ts'
import { destination } from './target.ts'

export interface SubscribeCommandSettings extends Reporting {
  readonly connection: ConnectionSettings
  readonly passwordSource?: PasswordSource
  readonly subscribe: SubscribeSettings
  readonly output: OutputSettings
  readonly embedded: boolean
  /** Warnings to say on stderr. */
  readonly notes: readonly string[]
}

export function subscribeSettingsFrom(input: SubscribeInput): SubscribeCommandSettings {
  const place = destination(input)
  const properties = packetProperties(
    readList(input, 'property', (text) => text),
    ['connect', 'subscribe', 'unsubscribe', 'will', 'disconnect'],
  )
  const version = connectionVersion(input, place, fiveOnlyOptions(input))
  const subscribe = subscribeSettings(input, place.url?.topic, version, properties)
  const connecting = connectionSettings(input, {
    destination: place,
    properties,
    version,
    reconnect: reconnectSettings(input, { mode: 'forever' }),
    wantsOwnSession: false,
    leavesWithWill: input.flags['leave-will'] === true,
    wantedCount: subscribe.count,
  })
  const overlaps = overlapNotes(
    subscribe.subscriptions.map(({ filter }) => filter),
    version,
  )
  const notes = [...connectionNotes(input, connecting.connection.tls.insecure, place), ...overlaps]
  const output = outputSettings(input)
  const connection = withFilterLimit(input, connecting.connection)
  return { ...connecting, connection, ...reporting(input), subscribe, output, embedded: place.embedded, notes }
}

function fiveOnlyOptions(input: SubscribeInput) {
  return (['retain-handling', 'retain-as-published', 'no-local'] as const)
    .filter((name) => input.flags[name] !== undefined && input.flags[name] !== false)
    .map((name) => ({ name: `--${name}`, typed: isTyped(input, name) }))
}

function subscribeSettings(
  input: SubscribeInput,
  urlTopic: string | undefined,
  version: ProtocolVersion | 'auto',
  properties: PacketProperties,
): SubscribeSettings {
  const { flags } = input
  if (flags['hide-retained'] === true && flags['retained-only'] === true) {
    throw usageError('-R hides retained messages and --retained-only shows nothing else', 'leave one of them out')
  }
  const filter = (text: string, flag: string) => topicFilter(text, flag, version)
  const unsubscribe = readList(input, 'unsubscribe', filter)
  const count = read(input, 'count', (text, flag) => integer(text, flag, { minimum: 1, maximum: 2 ** 31 }))
  const giveUpAfterMs = read(input, 'timeout', positiveDurationMs)
  return {
    subscriptions: subscriptions(input, urlTopic, version, unsubscribe.length > 0),
    properties: properties.subscribe,
    unsubscribe,
    unsubscribeProperties: properties.unsubscribe,
    filterOut: readList(input, 'filter-out', filter),
    ...(count !== undefined && { count }),
    ...(giveUpAfterMs !== undefined && { giveUpAfterMs }),
    exitAfterSuback: flags['exit-after-suback'] === true,
    hideRetained: flags['hide-retained'] === true,
    retainedOnly: flags['retained-only'] === true,
  }
}
