import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import { usageError } from '../usage-error.ts'
import { mqttVersion, versionName } from '../values/mqtt-version.ts'
import { type Input, isTyped, read } from './input.ts'

type VersionInput = Input<{ readonly 'protocol-version'?: string }>

/** An option that only MQTT 5 knows, as the user said it. */
export interface FiveOnlyOption {
  readonly name: string
  readonly typed: boolean
}

/** An MQTT 5-only option pins 5. It contradicts a lower version, unless it was typed and the version is only a default. */
export function chosenVersion(input: VersionInput, options: readonly FiveOnlyOption[]): ProtocolVersion | 'auto' {
  const version = read(input, 'protocol-version', mqttVersion) ?? 'auto'
  if (options.length === 0) return version
  if (version === 'auto' || version === 5) return 5
  const versionTyped = isTyped(input, 'protocol-version')
  if (!versionTyped && options.every(({ typed }) => typed)) return 5
  throw usageError(
    `${options.map(({ name }) => name).join(', ')}: MQTT ${versionName(version)} has no such thing`,
    'leave it out, or use MQTT 5 (-V 5)',
  )
}
