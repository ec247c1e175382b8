import type { Advice } from '../../advice.ts'
import { MqttCliError } from '../../errors.ts'
import type { Publisher } from '../publish/publisher.ts'
import type { Pings } from './pings.ts'
import type { Requests } from './requests.ts'

/** The packet of ours that waits for its answer, in words, if one does. */
export function unansweredPacket(requests: Requests, publisher?: Publisher, pings?: Pings): string | undefined {
  if (requests.unanswered !== undefined) return requests.unanswered
  if (publisher !== undefined && publisher.window.size > 0) return `PUBLISH at QoS ${publisher.qos}`
  if (pings?.isUnanswered !== true) return undefined
  return publisher?.qos === 0 ? 'PUBLISH at QoS 0' : 'PINGREQ' // a ping follows the last one
}

/** The same loss, with what we had sent last. `isSure`: nothing but that packet can have displeased the broker. */
export function lossAfter(error: MqttCliError, packet: string, isSure: boolean): MqttCliError {
  const message = `${error.message}, with no answer to our ${packet}`
  const facts = { ...error.details.facts, unanswered: packet }
  const causes = [
    `the broker does not take this ${packet}, and says so by closing`,
    'the broker was stopped or restarted',
  ]
  const tries = [...triesAfter(packet), ...(error.details.tries ?? [])]
  return new MqttCliError(error.kind, message, { ...error.details, ...(isSure && { causes, tries }), facts })
}

/** What a broker may like better than a packet on which it closed. */
export function triesAfter(packet: string): readonly Advice[] {
  if (packet === 'PUBLISH at QoS 2') return [{ try: 'lower-qos' }]
  if (packet.startsWith('PUBLISH'))
    return ['a smaller message, or another topic: brokers below MQTT 5 refuse by closing']
  if (packet.endsWith('topic filters')) return [{ try: 'fewer-filters-each' }]
  return packet === 'PINGREQ' ? [] : [{ try: 'fewer-filters' }]
}
