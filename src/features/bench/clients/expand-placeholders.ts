import type { Properties, Will } from '../../../protocol/wire/packet.ts'
import { fillPattern, type PatternValues } from './client-pattern.ts'

const percentByte = 0x25

/** The values of user properties with their places filled. The same object where they have none: thousands share it. */
export function filledProperties(properties: Properties, names: PatternValues): Properties {
  const { userProperties } = properties
  if (userProperties?.some(([, value]) => value.includes('%')) !== true) return properties
  return { ...properties, userProperties: userProperties.map(([name, value]) => [name, fillPattern(value, names)]) }
}

/** Likewise, in topic, payload and user properties. The payload is text: it was typed. */
export function filledWill(will: Will, names: PatternValues): Will {
  return {
    ...will,
    topic: fillPattern(will.topic, names),
    payload: filledPayload(will.payload, names),
    properties: filledProperties(will.properties, names),
  }
}

function filledPayload(payload: Uint8Array, names: PatternValues): Uint8Array {
  if (!payload.includes(percentByte)) return payload
  return Buffer.from(fillPattern(Buffer.from(payload).toString(), names))
}
