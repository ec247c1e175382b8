import type { TlsSettings } from '../../connection/settings.ts'
import { usageError } from '../usage-error.ts'

/** The older two only where somebody asks for them, and with them for `--ciphers DEFAULT@SECLEVEL=0`. */
const versions = ['1.3', '1.2', '1.1', '1.0'] as const

export function tlsVersion(text: string, flag: string): TlsSettings['version'] {
  const version = versions.find((known) => [known, `tlsv${known}`].includes(text.toLowerCase()))
  if (version !== undefined) return version
  throw usageError(`${flag} is not a TLS version that we speak: ${JSON.stringify(text)}`, 'give 1.2 or 1.3')
}
