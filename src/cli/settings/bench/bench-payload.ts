import type { BenchMode, SizeShare } from '../../../features/bench/settings.ts'
import { usageError } from '../../usage-error.ts'
import { payloadSizes } from '../../values/payload-size.ts'
import { payloadTemplate } from '../../values/payload-template.ts'
import { wasUtf8 } from '../../values/valid-text.ts'
import type { BenchInput } from '../command-input.ts'
import { asked, read, saidAs } from '../input.ts'

/** Where payloads of the user's own come from. Files are read when all the rest was found good. */
export type PayloadSource =
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'template'; readonly text: string }
  | { readonly from: 'template file'; readonly path: string }

interface PayloadSettings {
  readonly payloadBytes: readonly [minimum: number, maximum: number]
  readonly payloadMix?: readonly SizeShare[]
  readonly payloadSource?: PayloadSource
}

const defaultPayloadBytes = 64

export function payloadSettings(input: BenchInput, mode: BenchMode): PayloadSettings {
  const given = asked(input, ['size', 'template', 'payload-file'])
  if (given.length > 1) {
    throw usageError(`${given.map((name) => `--${name}`).join(' and ')} both say what is published`, 'give one of them')
  }
  const [name] = given
  if (name === undefined || name === 'size') {
    return read(input, 'size', payloadSizes) ?? { payloadBytes: [defaultPayloadBytes, defaultPayloadBytes] }
  }
  if (mode === 'sub' || mode === 'conn') throw usageError(`bench ${mode} publishes nothing`, `leave out --${name}`)
  const payloadBytes = [0, 0] as const // known when the file is read, and the clients are named
  if (name === 'payload-file') {
    return { payloadBytes, payloadSource: { from: 'file', path: input.flags['payload-file'] ?? '' } }
  }
  const text = wasUtf8(input.flags.template ?? '', saidAs(input, 'template'))
  if (text.startsWith('@')) return { payloadBytes, payloadSource: { from: 'template file', path: text.slice(1) } }
  payloadTemplate(text, saidAs(input, 'template'))
  return { payloadBytes, payloadSource: { from: 'template', text } }
}
