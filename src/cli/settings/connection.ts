import type { ConnectionSettings, ReconnectSettings } from '../../connection/settings.ts'
import type { Properties, ProtocolVersion } from '../../protocol/wire/packet.ts'
import type { connectionFlags } from '../flags/connection.ts'
import type { FlagValues } from '../flags/flag.ts'
import type { loginFlags } from '../flags/login.ts'
import type { outputFlags } from '../flags/output.ts'
import type { sessionFlags } from '../flags/session.ts'
import type { tlsFlags } from '../flags/tls.ts'
import type { willFlags } from '../flags/will.ts'
import { usageError } from '../usage-error.ts'
import { byteSize } from '../values/byte-size.ts'
import { positiveDurationMs } from '../values/duration.ts'
import { integer } from '../values/integer.ts'
import type { PacketProperties } from '../values/property-words.ts'
import { type Input, isTyped, read } from './input.ts'
import { login, type PasswordSource } from './login.ts'
import { type SessionNeeds, sessionSettings } from './session.ts'
import type { Destination } from './target.ts'
import { tlsSettings } from './tls.ts'
import { chosenVersion, type FiveOnlyOption } from './version.ts'
import { will } from './will.ts'

type ConnectionFlagValues = FlagValues<
  typeof connectionFlags &
    typeof sessionFlags &
    typeof loginFlags &
    typeof tlsFlags &
    typeof willFlags &
    typeof outputFlags
>

type ConnectionInput = Input<ConnectionFlagValues>

/** What the command knows beyond the shared flags. */
interface ConnectionNeeds extends SessionNeeds {
  readonly destination: Destination
  readonly properties: PacketProperties
  readonly version: ProtocolVersion | 'auto'
  readonly reconnect: ReconnectSettings
  /** `-C`: a broker should not send many more than are wanted. */
  readonly wantedCount?: number | undefined
  readonly inflightMaximum?: number
  /** `--leave-will`. */
  readonly leavesWithWill?: boolean
}

interface Connecting {
  readonly connection: ConnectionSettings
  readonly passwordSource?: PasswordSource
}

const defaultKeepAliveSeconds = 60
const defaultConnectDeadlineMs = 10_000
const largestPacketBytes = 268_435_460 // 256 MiB of remaining length less one, and the five bytes before it

/** Everything but the password itself, which is read when all the rest was found good. */
export function connectionSettings(input: ConnectionInput, needs: ConnectionNeeds): Connecting {
  const { destination, properties, version } = needs
  const { sessionExpiryInterval, ...session } = sessionSettings(input, version, properties.connect, needs)
  const { username, passwordSource } = login(input, destination.url)
  refusePasswordAlone(version, username, passwordSource)
  const maximumPacketSize = packetSizeLimit(input, properties.connect)
  const ownWill = will(input, version, properties.will)
  const leavesWithWill = needs.leavesWithWill === true
  if (leavesWithWill && ownWill === undefined) throw usageError('--leave-will needs a will', 'add --will-topic')
  const connection: ConnectionSettings = {
    ...session,
    target: destination.target,
    tls: tlsSettings(input),
    noDelay: input.flags.nodelay !== false,
    connectDeadlineMs: read(input, 'connect-timeout', positiveDurationMs) ?? defaultConnectDeadlineMs,
    version,
    keepAliveSeconds: read(input, 'keepalive', keepAlive) ?? defaultKeepAliveSeconds,
    properties: connectProperties(needs, sessionExpiryInterval, maximumPacketSize),
    toleratesFlags: read(input, 'lenient', lenience) !== undefined,
    reconnect: needs.reconnect,
    disconnectProperties: properties.disconnect,
    ...(input.flags['bind-address'] !== undefined && { bindAddress: input.flags['bind-address'] }),
    ...(username !== undefined && { username }),
    ...(ownWill && { will: ownWill }),
    ...(leavesWithWill && { leavesWithWill }),
    ...(maximumPacketSize !== undefined && { maximumPacketSize }),
    ...(needs.inflightMaximum !== undefined && { inflightMaximum: needs.inflightMaximum }),
  }
  return { connection, ...(passwordSource && { passwordSource }) }
}

/** The version, pinned by what only MQTT 5 has: the shared options here, the command's own in `options`. */
export function connectionVersion(
  input: ConnectionInput,
  { url }: Destination,
  options: readonly FiveOnlyOption[],
): ProtocolVersion | 'auto' {
  const shared = (['property', 'session-expiry-interval'] as const)
    .filter((name) => input.flags[name] !== undefined)
    .map((name) => ({ name: `--${name}`, typed: isTyped(input, name) }))
  const { username, passwordSource } = login(input, url)
  const alone = username === undefined && passwordSource !== undefined // [MQTT-3.1.1:3.1.2-22]: only MQTT 5 allows it
  const password = alone ? [{ name: 'a password without a user name', typed: true }] : []
  return chosenVersion(input, [...options, ...shared, ...password])
}

function refusePasswordAlone(version: ConnectionSettings['version'], username?: string, source?: PasswordSource): void {
  if (version === 'auto' || version === 5 || source === undefined || username !== undefined) return
  throw usageError('below MQTT 5 a password needs a user name', 'add -u, or use MQTT 5 (-V 5)')
}

function lenience(text: string, flag: string): 'flags' {
  if (text === 'flags') return text
  throw usageError(`${flag} knows no ${JSON.stringify(text)}`, 'give flags: the reserved ones of the fixed header')
}

function keepAlive(text: string, flag: string): number {
  return integer(text, flag, { minimum: 0, maximum: 65_535 })
}

function packetSizeLimit(input: ConnectionInput, connect: Properties): number | undefined {
  const size = read(input, 'max-packet-size', (text, flag) => byteSize(text, flag, largestPacketBytes))
  const property = connect.maximumPacketSize
  if (size === undefined || property === undefined || size === property) return size ?? property
  throw usageError('--max-packet-size and -D connect maximum-packet-size differ', 'leave one of them out')
}

/** Below this many messages a broker should not send more than are wanted: the rest would be taken and thrown away. */
const smallCount = 20

function connectProperties(needs: ConnectionNeeds, expiry: number | undefined, maximumPacketSize?: number): Properties {
  const { wantedCount = Number.POSITIVE_INFINITY } = needs
  return {
    ...(wantedCount < smallCount && { receiveMaximum: wantedCount }),
    ...needs.properties.connect,
    ...(expiry !== undefined && { sessionExpiryInterval: expiry }),
    ...(maximumPacketSize !== undefined && { maximumPacketSize }),
  }
}
