import type { ConnectionSettings } from '../../connection/settings.ts'
import type { PingSettings } from '../../features/ping/settings.ts'
import type { FlagValues } from '../flags/flag.ts'
import type { pingFlags } from '../flags/ping.ts'
import { usageError } from '../usage-error.ts'
import { positiveDurationMs } from '../values/duration.ts'
import { integer } from '../values/integer.ts'
import { packetProperties } from '../values/property-words.ts'
import { topicName } from '../values/topic.ts'
import { connectionSettings, connectionVersion } from './connection.ts'
import { type Input, isTyped, read, readList } from './input.ts'
import type { PasswordSource } from './login.ts'
import { connectionNotes } from './notes.ts'
import { type Reporting, reporting } from './output.ts'
import { reconnectSettings } from './reconnect.ts'
import { destination } from './target.ts'

type PingInput = Input<FlagValues<typeof pingFlags>>

interface PingCommandSettings extends Reporting {
  readonly connection: ConnectionSettings
  readonly passwordSource?: PasswordSource
  readonly ping: PingSettings
  readonly embedded: boolean
  /** Warnings to say on stderr. */
  readonly notes: readonly string[]
}

const defaultAnswerMs = 10_000
const defaultIntervalMs = 1000

export function pingSettingsFrom(input: PingInput): PingCommandSettings {
  const [word] = input.words
  if (word !== undefined)
    throw usageError(`ping takes a URL, and no words: ${JSON.stringify(word)}`, 'mqtt-cli ping mqtt://localhost')
  const place = destination(input)
  const properties = packetProperties(
    readList(input, 'property', (text) => text),
    ['connect', 'disconnect'],
  )
  const version = connectionVersion(input, place, [])
  const connecting = connectionSettings(input, {
    destination: place,
    properties,
    version,
    reconnect: reconnectSettings(input, { mode: 'never' }),
    wantsOwnSession: false,
  })
  return {
    ...connecting,
    ...reporting(input),
    ping: pingSettings(input),
    embedded: place.embedded,
    notes: connectionNotes(input, connecting.connection.tls.insecure, place),
  }
}

function pingSettings(input: PingInput): PingSettings {
  const isRoundTrip = input.flags['round-trip'] === true
  if (!isRoundTrip && isTyped(input, 'topic')) {
    throw usageError('--topic is where --round-trip publishes', 'add --round-trip, or leave --topic out')
  }
  const topic = isRoundTrip ? read(input, 'topic', (text, flag) => topicName(text, flag, 'auto')) : undefined
  const giveUpAfterMs = read(input, 'timeout', positiveDurationMs)
  return {
    count: read(input, 'count', (text, flag) => integer(text, flag, { minimum: 1, maximum: 2 ** 31 })) ?? 1,
    intervalMs: read(input, 'interval', positiveDurationMs) ?? defaultIntervalMs,
    isRoundTrip,
    topic: topic ?? `mqtt-cli/ping/${input.randomText()}`,
    answerDeadlineMs: read(input, 'answer-timeout', positiveDurationMs) ?? defaultAnswerMs,
    ...(giveUpAfterMs !== undefined && { giveUpAfterMs }),
  }
}
