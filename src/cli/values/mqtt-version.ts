import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import { usageError } from '../usage-error.ts'

const versions: ReadonlyMap<string, ProtocolVersion | 'auto'> = new Map<string, ProtocolVersion | 'auto'>([
  ['3.1', 3],
  ['31', 3],
  ['mqttv31', 3],
  ['3.1.1', 4],
  ['311', 4],
  ['4', 4],
  ['mqttv311', 4],
  ['5', 5],
  ['5.0', 5],
  ['mqttv5', 5],
  ['auto', 'auto'],
])

export function mqttVersion(text: string, flag: string): ProtocolVersion | 'auto' {
  const version = versions.get(text.toLowerCase())
  if (version !== undefined) return version
  if (text === '3') {
    throw usageError(`${flag} 3 could be two versions`, 'give 3.1.1 (the usual one) or 3.1 (the old one)')
  }
  throw usageError(`${flag} is not an MQTT version: ${JSON.stringify(text)}`, 'give 5, 3.1.1, 3.1 or auto')
}

export function versionName(version: ProtocolVersion): string {
  return version === 3 ? '3.1' : version === 4 ? '3.1.1' : '5'
}
