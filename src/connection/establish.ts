import { MqttCliError } from '../errors.ts'
import { type ServerLimits, serverLimits } from '../protocol/session/server-limits.ts'
import type { Connack, Properties, ProtocolVersion } from '../protocol/wire/packet.ts'
import type { Abortable } from './abort.ts'
import { ConnectDeadline } from './connect-deadline.ts'
import type { ConnectRequest } from './driver/session-driver.ts'
import { Link, type LinkParts, type MakeDriver } from './link/link.ts'
import { unanswered } from './link/link-errors.ts'
import { connackRefusal } from './refusals.ts'
import type { ConnectionSettings } from './settings.ts'
import { gatherLargePackets } from './transport/gather-large-packets.ts'
import { openTransport } from './transport/open-transport.ts'
import type { Transport, TransportMemory, TransportTimings } from './transport/transport.ts'

/** A network connection with an accepted session on it. */
export interface Established {
  readonly link: Link
  readonly version: ProtocolVersion
  readonly connack: Connack
  readonly limits: ServerLimits
  readonly timings: TransportTimings
}

/** Called with each transport as soon as it stands, before anything passes; gives the one to use. */
export type Tap = (transport: Transport, timings: TransportTimings) => Transport

export interface EstablishOptions {
  readonly settings: ConnectionSettings
  readonly makeDriver: MakeDriver
  /** What differs between the first and later connections. */
  readonly version: ProtocolVersion | 'auto'
  readonly clientId: string
  readonly mayResume: boolean
  readonly accepted: LinkParts['accepted']
  readonly ended?: LinkParts['ended']
  /** The user's own wish to stop. */
  readonly signal: Abortable
  /** Looks at the bytes of each network connection, if anybody does. */
  readonly tap?: Tap
  /** One for all connections on a thread: thousands of idle ones stay small. */
  readonly readBuffer?: Buffer
  readonly memory?: TransportMemory
  /** The broker is a little wrong, and the connection goes on. */
  readonly note?: (message: string) => void
}

/** Carries a refusal's CONNACK to who decides whether to try later. */
export class ConnackRefused extends Error {
  readonly connack: Connack
  readonly version: ProtocolVersion
  readonly error: MqttCliError

  constructor(connack: Connack, version: ProtocolVersion) {
    super('CONNACK refused')
    this.connack = connack
    this.version = version
    this.error = connackRefusal(connack, version)
  }
}

/**
 * Opens a transport and a session on it, all within the connect deadline. `auto` asks for MQTT 5, and once more, on a
 * new connection and inside the same deadline, for 3.1.1 where the answer is that of an older server.
 */
export async function establish(options: EstablishOptions): Promise<Established> {
  const deadline = new ConnectDeadline(options.settings.connectDeadlineMs, options.signal)
  try {
    if (options.version !== 'auto') return await attempt(options, options.version, deadline)
    return await attemptEither(options, deadline)
  } finally {
    deadline.clear()
  }
}

async function attemptEither(options: EstablishOptions, deadline: Abortable): Promise<Established> {
  try {
    return await attempt(options, 5, deadline)
  } catch (first) {
    if (!isOlderServer(first)) throw first
    try {
      return await attempt(options, 4, deadline)
    } catch (second) {
      throw bothFailed(asError(first), second)
    }
  }
}

/** Ended before the first byte of an answer: RabbitMQ 3.10 says no to MQTT 5 that way. */
class ClosedUnanswered extends Error {
  readonly error: MqttCliError

  constructor(error: MqttCliError) {
    super('closed before CONNACK')
    this.error = error
  }
}

const unsupportedVersion5 = 0x84
const unacceptableVersion311 = 1

function isOlderServer(failure: unknown): boolean {
  if (failure instanceof ClosedUnanswered) return true
  if (!(failure instanceof ConnackRefused)) return false
  return failure.connack.reasonCode === (failure.version === 5 ? unsupportedVersion5 : unacceptableVersion311)
}

async function attempt(options: EstablishOptions, version: ProtocolVersion, deadline: Abortable): Promise<Established> {
  const { transport, timings } = await openTransport(options.settings, deadline, options.readBuffer, options.memory)
  const { makeDriver, accepted, ended, tap, note } = options
  const { maximumPacketSize, toleratesFlags } = options.settings
  const seen = tap === undefined ? transport : tap(gatherLargePackets(transport, version, maximumPacketSize), timings)
  const link = new Link(seen, { version, makeDriver, accepted, ended, maximumPacketSize, toleratesFlags, note })
  const giveUp = () => link.fail(deadline.reason as MqttCliError)
  if (deadline.aborted) giveUp()
  deadline.addEventListener('abort', giveUp, { once: true })
  try {
    const connack = await link.connect(connectRequest(options, version))
    const established = accept(link, connack, version, timings, options.settings)
    await link.driver.ready()
    return established
  } catch (error) {
    if (link.hasReceived || !(error instanceof MqttCliError) || error.kind !== 'lost') throw error
    throw new ClosedUnanswered(unanswered(error, options.settings.target.transport))
  } finally {
    deadline.removeEventListener('abort', giveUp)
  }
}

function accept(
  link: Link,
  connack: Connack,
  version: ProtocolVersion,
  timings: TransportTimings,
  settings: ConnectionSettings,
): Established {
  if (connack.reasonCode !== 0 || link.answeredInOldForm) {
    void link.leave(0, {})
    throw new ConnackRefused(connack, link.answeredInOldForm ? 4 : version)
  }
  const limits = serverLimits(connack, version)
  link.keepAlive(limits.serverKeepAlive ?? settings.keepAliveSeconds) // [MQTT-3.2.2-21]
  return { link, version, connack, limits, timings }
}

function connectRequest({ settings, clientId, mayResume }: EstablishOptions, version: ProtocolVersion): ConnectRequest {
  const { will } = settings
  return {
    version,
    clientId: version < 5 && clientId === '' ? anyClientId() : clientId,
    cleanStart: version === 5 ? settings.cleanStart : settings.cleanSession311,
    mayResume,
    keepAliveSeconds: settings.keepAliveSeconds,
    username: settings.username,
    password: settings.password,
    properties: propertiesAt(version, settings.properties),
    ...(will === undefined ? {} : { will: { ...will, properties: propertiesAt(version, will.properties) } }),
  }
}

/** Below MQTT 5 no server tells which identifier it made up, and some refuse to: a clean session can have any. */
function anyClientId(): string {
  return `mqtt-cli-${Math.random().toString(16).slice(2, 14)}`
}

function propertiesAt(version: ProtocolVersion, properties: Properties): Properties {
  return version === 5 ? properties : {}
}

/** Our own error behind whatever an attempt threw. */
export function asError(failure: unknown): MqttCliError {
  if (failure instanceof ConnackRefused || failure instanceof ClosedUnanswered) return failure.error
  if (failure instanceof MqttCliError) return failure
  throw failure
}

function bothFailed(first: MqttCliError, failure: unknown): MqttCliError {
  const second = asError(failure)
  const [at5, at311] = [withReason(first), withReason(second)]
  const message = at5 === at311 ? `${at5}, at MQTT 5 and at MQTT 3.1.1` : `MQTT 5: ${at5}. MQTT 3.1.1: ${at311}`
  return new MqttCliError(second.kind, message, second.details)
}

function withReason({ message, details: { reasonName } }: MqttCliError): string {
  return reasonName === undefined ? message : `${message} (${reasonName})`
}
