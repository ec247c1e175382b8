import type { TlsSettings } from '../../connection/settings.ts'
import { usageError } from '../usage-error.ts'

export function tlsVersion(text: string, flag: string): TlsSettings['version'] {
  const [, version] = /^(?:tlsv)?(1\.[23])$/i.exec(text) ?? []
  if (version === '1.2' || version === '1.3') return version
  throw usageError(`${flag} is not a TLS version that we speak: ${JSON.stringify(text)}`, 'give 1.2 or 1.3')
}
