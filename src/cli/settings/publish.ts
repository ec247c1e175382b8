import type { ConnectionSettings, ReconnectSettings } from '../../connection/settings.ts'
import type { PayloadSource, PublishSettings } from '../../features/publish/settings.ts'
import { drainDeadlineMs } from '../../protocol/session/drain-deadline.ts'
import { usageError } from '../usage-error.ts'
import { durationMs, positiveDurationMs } from '../values/duration.ts'
import { integer } from '../values/integer.ts'
import { packetProperties } from '../values/property-words.ts'
import { qos } from '../values/qos.ts'
import type { PublishInput } from './command-input.ts'
import { connectionSettings, connectionVersion } from './connection.ts'
import { read, readList } from './input.ts'
import type { PasswordSource } from './login.ts'
import { connectionNotes } from './notes.ts'
import { type Reporting, reporting } from './output.ts'
import { payloadSource } from './payload-source.ts'
import { publishWords } from './publish-arguments.ts'
import { firstConnectSettings, reconnectSettings } from './reconnect.ts'
import { destination } from './target.ts'

export interface PublishCommandSettings extends Reporting {
  readonly connection: ConnectionSettings
  readonly passwordSource?: PasswordSource
  readonly publish: PublishSettings
  readonly embedded: boolean
  /** Warnings to say on stderr. */
  readonly notes: readonly string[]
}

const linesReconnect: ReconnectSettings = { mode: 'for', seconds: 60 }

export function publishSettingsFrom(input: PublishInput): PublishCommandSettings {
  const place = destination(input)
  const properties = packetProperties(
    readList(input, 'property', (text) => text),
    ['connect', 'publish', 'will', 'disconnect'],
  )
  const version = connectionVersion(input, place, [])
  const words = publishWords(input, place.url?.topic, version)
  const source = payloadSource(input, words.message)
  const { topics } = words
  const publish = { topics, ...messageSettings(input, source), properties: properties.publish }
  const isLines = source.from === 'stdin-lines'
  if (isLines) refuseSeveralTopics(topics)
  const connecting = connectionSettings(input, {
    destination: place,
    properties,
    version,
    reconnect: isLines ? reconnectSettings(input, linesReconnect) : firstConnectSettings(input),
    wantsOwnSession: isLines && publish.qos > 0,
    leavesWithWill: input.flags['leave-will'] === true,
    ...inflightLimit(input),
  })
  const said = { ...input, words: topics }
  const notes = connectionNotes(said, connecting.connection.tls.insecure, place)
  return { ...connecting, ...reporting(input), publish, embedded: place.embedded, notes }
}

function messageSettings(input: PublishInput, source: PayloadSource): Omit<PublishSettings, 'topics' | 'properties'> {
  const giveUpAfterMs = read(input, 'timeout', positiveDurationMs)
  const repeatCount = read(input, 'repeat', (text, flag) => integer(text, flag, { minimum: 1, maximum: 2 ** 31 })) ?? 1
  if (repeatCount > 1 && source.from === 'stdin-lines') {
    throw usageError('--repeat repeats one message, and -l reads many', 'leave one of them out')
  }
  return {
    source,
    qos: read(input, 'qos', qos) ?? 0,
    retain: input.flags.retain === true,
    repeatCount,
    repeatDelayMs: read(input, 'repeat-delay', durationMs) ?? 0,
    drainDeadlineMs,
    ...(giveUpAfterMs !== undefined && { giveUpAfterMs }),
  }
}

/** Lines are for ever, perhaps, and are sent again after a reconnect: each has one topic. */
function refuseSeveralTopics(topics: readonly string[]): void {
  if (topics.length < 2) return
  throw usageError(`-l publishes each line to one topic, and ${topics.length} are named`, 'name one with -t')
}

function inflightLimit(input: PublishInput): { inflightMaximum?: number } {
  const limit = read(input, 'max-inflight', (text, flag) => integer(text, flag, { minimum: 0, maximum: 65_535 }))
  return limit === undefined || limit === 0 ? {} : { inflightMaximum: limit } // 0 is no limit, as with mosquitto
}
