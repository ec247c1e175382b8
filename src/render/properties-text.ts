import { redacted } from '../protocol/redacted.ts'
import type { Properties } from '../protocol/wire/packet.ts'
import { hexPreview } from './payload-preview.ts'
import { quoted } from './quoted.ts'

/** Each property as `receive-maximum=20`; user properties as `user-property="name":"value"`, in order. */
export function propertiesText(properties: Properties): string[] {
  const { userProperties = [], ...others } = properties
  return [
    ...Object.entries(others).map(([key, value]) => `${dashed(key)}=${valueText(key, value)}`),
    ...userProperties.map(([name, value]) => `user-property=${quoted(name)}:${quoted(value)}`),
  ]
}

function valueText(key: string, value: unknown): string {
  if (key === 'authenticationData') return redacted
  if (value instanceof Uint8Array) return hexPreview(value)
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'string' ? quoted(value) : String(value)
}

/** `maximumQoS` as `maximum-qos`. */
function dashed(key: string): string {
  return key
    .replace('QoS', 'Qos')
    .replace(/[A-Z]/g, (letter) => `-${letter}`)
    .toLowerCase()
}
