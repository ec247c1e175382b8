import { MqttCliError } from '../../errors.ts'
import type { Auth, PacketType } from '../../protocol/wire/packet.ts'
import type { Target } from '../settings.ts'

/** The part of a packet that arrived before the connection ended. */
interface UnfinishedPacket {
  readonly packet?: PacketType
  readonly declaredBytes?: number
  readonly receivedBytes: number
}

export function connectionLost(where: string, unfinished?: UnfinishedPacket): MqttCliError {
  const cut = unfinished === undefined ? '' : `, in the middle of a packet: ${describe(unfinished)}`
  return new MqttCliError('lost', `The broker closed the connection (${where})${cut}`, {
    layer: 'TCP',
    causes: [
      'the broker was stopped or restarted',
      'another client connected with the same client id',
      'the broker did not like what we sent: below MQTT 5 it cannot say what',
    ],
    tries: ['look into the broker’s log', { try: 'trace', toSee: 'the last packets' }],
    ...(unfinished === undefined ? {} : { facts: { unfinished } }),
  })
}

/** Closed with not a byte of an answer to CONNECT: there never was a session to lose. */
export function unanswered(lost: MqttCliError, transport: Target['transport']): MqttCliError {
  const isPlain = transport === 'tcp' || transport === 'ws'
  return new MqttCliError('unreachable', `No answer to CONNECT: ${lost.message}`, {
    ...lost.details,
    layer: 'CONNECT',
    causes: [
      ...(isPlain ? ['the port expects TLS, and this was plain'] : []),
      'the broker does not take clients from here, or this version of MQTT, and says so by closing',
      'whatever listens there does not speak MQTT',
    ],
    tries: [
      ...(isPlain ? [{ try: 'tls-for-tls-port' } as const] : []),
      'check host and port',
      'look into the broker’s log',
    ],
  })
}

function describe({ packet, declaredBytes, receivedBytes }: UnfinishedPacket): string {
  const name = packet?.toUpperCase() ?? 'a packet'
  return declaredBytes === undefined
    ? `${receivedBytes} bytes of ${name}`
    : `${receivedBytes} of ${declaredBytes} bytes of ${name}`
}

/** On one connection. What carries the packets counts in `leftBytes` too, which makes it a little more. */
interface SentBytes {
  readonly writtenBytes: number
  readonly leftBytes: number
}

function unsentText(writtenBytes: number, unsentBytes: number): string {
  if (unsentBytes === 0) return ''
  const [unsent, written] = [unsentBytes, writtenBytes].map((bytes) => bytes.toLocaleString('en'))
  return `: of ${written} bytes written, ${unsent} have not left`
}

export function silentPeer(silentMs: number, keepAliveSeconds: number, sent: SentBytes): MqttCliError {
  const silentSeconds = Math.round(silentMs / 1000)
  const unsentBytes = Math.max(0, sent.writtenBytes - sent.leftBytes)
  return new MqttCliError(
    'lost',
    `Nothing came from the broker for ${silentSeconds} s, and it did not answer a PINGREQ${unsentText(sent.writtenBytes, unsentBytes)}`,
    {
      layer: 'keep alive',
      causes: ['the network in between is gone without a word (a half-open connection)', 'the broker hangs'],
      tries: [{ try: 'shorter-keep-alive', keepAliveSeconds }],
      facts: { writtenBytes: sent.writtenBytes, unsentBytes },
    },
  )
}

export function foreignPeer(what: string, where: string): MqttCliError {
  return new MqttCliError('unreachable', `That is no MQTT: the first bytes from ${where} are ${what}`, {
    layer: 'MQTT',
    causes: ['the port is another one: plain MQTT is usually on 1883, TLS on 8883, WebSocket on 80, 443, 8080 or 9001'],
    tries: ['mqtts:// for a TLS port, ws:// or wss:// for a WebSocket port'],
  })
}

export function cannotAuthenticate(method: string, packet: Auth): MqttCliError {
  return new MqttCliError(
    'unreachable',
    `The broker asks for an exchange by “${method}”, which this program cannot do`,
    {
      layer: 'AUTH',
      reasonCode: packet.reasonCode,
      tries: ['authenticate by user name and password, or by a client certificate'],
    },
  )
}
