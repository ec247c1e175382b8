import type { Advice } from '../advice.ts'
import { MqttCliError } from '../errors.ts'
import { type ServerLimits, serverLimits } from '../protocol/session/server-limits.ts'
import type { Connack, Properties, ProtocolVersion } from '../protocol/wire/packet.ts'
import type { Abortable } from './abort.ts'
import { ConnectDeadline } from './connect-deadline.ts'
import { ClosedUnanswered, ConnackRefused, MetWithSilence } from './connect-failures.ts'
import type { ConnectRequest } from './driver/session-driver.ts'
import { findVersion, silenceNote } from './find-version.ts'
import { Link, type LinkParts, type MakeDriver } from './link/link.ts'
import { unanswered } from './link/link-errors.ts'
import { peerWords } from './peer-words.ts'
import type { ConnectionSettings } from './settings.ts'
import { SilenceWatch } from './silence-watch.ts'
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
  /** An older version, since MQTT 5 was met with silence: which need not mean that the server does not have it. */
  readonly isAfterSilence?: true
}

/** Called with each transport as soon as it stands, before anything passes; gives the one to use. */
export type Tap = (transport: Transport, timings: TransportTimings) => Transport

interface EstablishOptions {
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
  readonly note?: (message: Advice) => void
}

/**
 * Opens a transport and a session on it, all within the connect deadline. `auto` asks for MQTT 5, and for older versions,
 * each on a new connection and inside the same deadline, where the answer is that of an older server, or none.
 */
export async function establish(options: EstablishOptions): Promise<Established> {
  const deadline = new ConnectDeadline(options.settings.connectDeadlineMs, options.signal)
  try {
    if (options.version !== 'auto') return await attempt(options, options.version, deadline, 1)
    return await establishByAuto(options, deadline)
  } finally {
    deadline.clear()
  }
}

async function establishByAuto(options: EstablishOptions, deadline: ConnectDeadline): Promise<Established> {
  const { session, silence } = await findVersion((version, share) => attempt(options, version, deadline, share))
  if (silence === undefined) return session
  options.note?.(silenceNote(silence, session.version))
  return { ...session, isAfterSilence: true }
}

async function attempt(
  options: EstablishOptions,
  version: ProtocolVersion,
  deadline: ConnectDeadline,
  share: number,
): Promise<Established> {
  const { transport, timings } = await openTransport(options.settings, deadline, options.readBuffer, options.memory)
  const { makeDriver, accepted, ended, tap, note } = options
  const { maximumPacketSize, toleratesFlags } = options.settings
  const seen = tap === undefined ? transport : tap(gatherLargePackets(transport, version, maximumPacketSize), timings)
  const conceal = peerWords(options.settings)
  const link = new Link(seen, {
    version,
    makeDriver,
    accepted,
    ended,
    maximumPacketSize,
    toleratesFlags,
    conceal,
    note,
  })
  const giveUp = () => link.fail(deadline.reason as MqttCliError)
  const silence = share === 1 ? undefined : new SilenceWatch(link, deadline.leftMs * share)
  if (deadline.aborted) giveUp()
  deadline.addEventListener('abort', giveUp)
  try {
    const connack = await link.connect(connectRequest(options, version))
    const established = accept(link, connack, version, timings, options.settings)
    await link.driver.ready()
    return established
  } catch (error) {
    if (silence?.isOver === true) throw new MetWithSilence(silence.waitMs)
    if (link.hasReceived || !(error instanceof MqttCliError) || error.kind !== 'lost') throw error
    throw new ClosedUnanswered(unanswered(error, options.settings.target.transport))
  } finally {
    silence?.stop()
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
