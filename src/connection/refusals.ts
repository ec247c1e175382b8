import { MqttCliError } from '../errors.ts'
import { ReasonCode } from '../protocol/reason-code.ts'
import { reasonCode } from '../protocol/reason-codes.ts'
import { breaksFlags } from '../protocol/wire/harmless.ts'
import type { Connack, Disconnect, PacketType, ProtocolVersion } from '../protocol/wire/packet.ts'
import type { Violation } from '../protocol/wire/violation.ts'

/** CONNACK codes that say 'later' rather than 'no'. */
const laterBelow5: ReadonlySet<number> = new Set([3])
const later5: ReadonlySet<number> = new Set([
  ReasonCode.serverUnavailable,
  ReasonCode.serverBusy,
  ReasonCode.quotaExceeded,
  ReasonCode.connectionRateExceeded,
])

/** DISCONNECT codes after which a client may come back; all others, 0x00 included, are final. */
const comeBack: ReadonlySet<number> = new Set([
  ReasonCode.unspecifiedError,
  ReasonCode.implementationSpecificError,
  ReasonCode.serverBusy,
  ReasonCode.serverShuttingDown,
  ReasonCode.keepAliveTimeout,
  ReasonCode.messageRateTooHigh,
  ReasonCode.quotaExceeded,
  ReasonCode.connectionRateExceeded,
  ReasonCode.maximumConnectTime,
])

export function isRefusalForNow(connack: Connack, version: ProtocolVersion): boolean {
  return (version === 5 ? later5 : laterBelow5).has(connack.reasonCode)
}

export function mayComeBackAfter(disconnect: Disconnect): boolean {
  return comeBack.has(disconnect.reasonCode)
}

export function connackRefusal(connack: Connack, version: ProtocolVersion): MqttCliError {
  return refusal('The broker refused the connection', connack, version)
}

export function disconnectRefusal(disconnect: Disconnect): MqttCliError {
  return refusal('The broker ended the connection', disconnect, 5)
}

/** What the peer's own words add: the reason string and where else to go. Both come from the peer: escape them. */
function refusal(what: string, packet: Connack | Disconnect, version: ProtocolVersion): MqttCliError {
  const { reasonString, serverReference } = packet.properties
  const said = reasonString === undefined ? '' : `: “${reasonString}”`
  return refusedWith(`${what}${said}`, packet.type, version, packet.reasonCode, {
    ...(reasonString === undefined ? {} : { reasonString }),
    ...(serverReference === undefined ? {} : { serverReference }),
  })
}

/** ` (0x97 Quota exceeded)`, behind a message that does not carry it, or nothing. */
export function namedReason({ details: { reasonCode: code, reasonName } }: MqttCliError): string {
  return code === undefined ? '' : ` (0x${code.toString(16).padStart(2, '0')} ${reasonName ?? 'unknown reason code'})`
}

/** A refusal by reason code, with the standard's name, its meaning and what usually causes it. */
function refusedWith(
  message: string,
  packet: PacketType,
  version: ProtocolVersion,
  code: number,
  facts: Readonly<Record<string, unknown>> = {},
): MqttCliError {
  const reason = reasonCode(packet, version, code)
  return new MqttCliError('refused', message, {
    layer: packet.toUpperCase(),
    reasonCode: code,
    reasonName: reason?.name ?? 'unknown reason code',
    causes: reason === undefined ? [] : [reason.meaning, ...reason.causes],
    tries: [{ try: 'trace', toSee: 'the packets' }],
    facts,
  })
}

export function protocolError(violation: Violation): MqttCliError {
  const packet = violation.packet?.toUpperCase()
  const what = packet === undefined ? violation.message : `${packet}: ${violation.message}`
  const reasonName = reasonCode('disconnect', 5, violation.reasonCode)?.name
  return new MqttCliError('protocol', `The broker broke the protocol: ${what}`, {
    layer: packet ?? 'MQTT',
    offset: violation.offset,
    statement: violation.rule,
    reasonCode: violation.reasonCode,
    ...(reasonName === undefined ? {} : { reasonName }),
    tries: [
      { try: 'trace', toSee: 'the packets' },
      breaksFlags(violation) ? { try: 'lenient-flags' } : 'check that the port speaks MQTT and not something else',
    ],
  })
}
