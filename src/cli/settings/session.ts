import type { ConnectionSettings } from '../../connection/settings.ts'
import type { MqttCliError } from '../../errors.ts'
import type { Properties, ProtocolVersion } from '../../protocol/wire/packet.ts'
import type { FlagValues } from '../flags/flag.ts'
import type { sessionFlags } from '../flags/session.ts'
import { usageError } from '../usage-error.ts'
import { neverExpires, sessionExpirySeconds } from '../values/session-expiry.ts'
import { validText } from '../values/valid-text.ts'
import { asked, type Input, read } from './input.ts'

type SessionInput = Input<FlagValues<typeof sessionFlags>>

type SessionSettings = Pick<
  ConnectionSettings,
  'clientId' | 'cleanStart' | 'cleanSession311' | 'resumesUserSession' | 'endSessionOnClose'
> & { readonly sessionExpiryInterval?: number }

/** How long a broker keeps a session that `pub -l` made for itself, seconds: longer than it tries to reconnect. */
const ownSessionSeconds = 300

/** What the command knows beyond the shared flags. */
export interface SessionNeeds {
  readonly wantsOwnSession: boolean
  /** Of a load: each client has an identifier of its own, and `-i` names none. */
  readonly clientIdPattern?: string
}

/**
 * With `-c` the session is the user's: it is there already or will be taken up later. With `wantsOwnSession` it is ours,
 * so that what was in flight survives a reconnect: begun without Clean Start, ended on every planned exit.
 */
export function sessionSettings(
  input: SessionInput,
  version: ProtocolVersion | 'auto',
  connect: Properties,
  { wantsOwnSession, clientIdPattern }: SessionNeeds,
): SessionSettings {
  const usersSession = input.flags['disable-clean-session'] === true
  const expiry = askedExpiry(input, connect)
  const clientId = clientIdPattern ?? askedClientId(input)
  const keptForEver = expiry === neverExpires || (usersSession && expiry === undefined)
  if ((usersSession || keptForEver) && (clientId ?? '') === '') throw namelessSession(usersSession, clientIdPattern)
  const own = wantsOwnSession && !usersSession && expiry === undefined
  const seconds = expiry ?? (usersSession ? neverExpires : own ? ownSessionSeconds : undefined)
  return {
    clientId: clientId ?? (needsClientId(version, wantsOwnSession) ? `mqtt-cli-${input.randomText()}` : ''),
    cleanStart: !usersSession && !wantsOwnSession,
    cleanSession311: !usersSession,
    resumesUserSession: usersSession,
    endSessionOnClose: own,
    ...(seconds !== undefined && { sessionExpiryInterval: seconds }),
  }
}

function namelessSession(usersSession: boolean, clientIdPattern: string | undefined): MqttCliError {
  const ofLoad = clientIdPattern !== undefined
  const flag = usersSession ? (ofLoad ? '--disable-clean-session' : '-c') : '-x'
  return usageError(
    `${flag} keeps a session, and a session belongs to a client identifier`,
    ofLoad ? 'give --client-id a pattern, as site-%i' : 'add -i and an identifier',
  )
}

function askedExpiry(input: SessionInput, connect: Properties): number | undefined {
  const expiry = read(input, 'session-expiry-interval', sessionExpirySeconds)
  const property = connect.sessionExpiryInterval
  if (expiry === undefined || property === undefined || expiry === property) return expiry ?? property
  throw usageError('-x and -D connect session-expiry-interval differ', 'leave one of them out')
}

function askedClientId(input: SessionInput): string | undefined {
  const given = asked(input, ['id', 'id-prefix'])
  if (given.length > 1) throw usageError('-i and -I both name the client identifier', 'give one of them')
  const prefix = given[0] === 'id-prefix' ? read(input, 'id-prefix', validText) : undefined
  if (prefix !== undefined) return `${prefix}${input.randomText()}`
  return given[0] === 'id' ? read(input, 'id', validText) : undefined
}

/** At MQTT 5 the server assigns one; 3.1.1 allows none with Clean Session 1, but many brokers do not, and 3.1 never. */
function needsClientId(version: ProtocolVersion | 'auto', wantsOwnSession: boolean): boolean {
  return wantsOwnSession || version === 3 || version === 4
}
