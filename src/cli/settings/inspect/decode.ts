import type { ProtocolVersion, Sender } from '../../../protocol/wire/packet.ts'
import type { FlagValues } from '../../flags/flag.ts'
import type { decodeFlags, encodeFlags } from '../../flags/inspect.ts'
import type { InputPlace } from '../../input-bytes.ts'
import { usageError } from '../../usage-error.ts'
import { type InputForm, inputForm } from '../../values/inspect/packet-bytes.ts'
import { mqttVersion } from '../../values/mqtt-version.ts'
import { type Input, isTyped, read } from '../input.ts'
import { type ViewSettings, viewSettings } from './inspect-view.ts'

export interface DecodeCommandSettings extends ViewSettings {
  readonly place: InputPlace
  readonly form: InputForm
  readonly version?: ProtocolVersion
  readonly sender?: Sender
}

interface EncodeCommandSettings {
  readonly place: InputPlace
  readonly version?: ProtocolVersion
  readonly binary: boolean
}

export function decodeSettingsFrom(input: Input<FlagValues<typeof decodeFlags>>): DecodeCommandSettings {
  const sender = read(input, 'sender', senderName)
  return {
    ...viewSettings(input),
    place: inputPlace(input),
    form: read(input, 'input', inputForm) ?? 'auto',
    ...knownVersion(input),
    ...(sender !== undefined && { sender }),
  }
}

export function encodeSettingsFrom(input: Input<FlagValues<typeof encodeFlags>>): EncodeCommandSettings {
  return { place: inputPlace(input), ...knownVersion(input), binary: input.flags.binary === true }
}

type PlaceInput = Input<{ readonly file?: string; readonly 'protocol-version'?: string }>

/** A file that only the environment names is a default: words set it aside. */
function inputPlace(input: PlaceInput): InputPlace {
  const { flags, words } = input
  const isFile = flags.file !== undefined && (words.length === 0 || isTyped(input, 'file'))
  return { words, ...(isFile && { file: flags.file }) }
}

/** `auto` says nothing. */
function knownVersion(input: PlaceInput): { readonly version?: ProtocolVersion } {
  const version = read(input, 'protocol-version', mqttVersion) ?? 'auto'
  return version === 'auto' ? {} : { version }
}

function senderName(text: string, flag: string): Sender {
  if (text === 'client' || text === 'server') return text
  throw usageError(`${flag} is not a sender: ${JSON.stringify(text)}`, 'give client or server')
}
