import type { TlsSettings } from '../../connection/settings.ts'
import type { connectionFlags } from '../flags/connection.ts'
import type { FlagValues } from '../flags/flag.ts'
import type { tlsFlags } from '../flags/tls.ts'
import { usageError } from '../usage-error.ts'
import { listedNames } from '../values/listed-names.ts'
import { tlsVersion } from '../values/tls-version.ts'
import { asked, type Input, isTyped, read } from './input.ts'

type TlsInput = Input<FlagValues<typeof connectionFlags & typeof tlsFlags>>

/** Trust or a certificate asks for TLS, as with mosquitto. From the environment it does not overrule a typed URL's scheme. */
export function isTlsAsked(input: TlsInput): boolean {
  const implying = asked(input, ['tls', 'cafile', 'capath', 'cert'])
  return implying.some((name) => isTyped(input, name) || !isTyped(input, 'url'))
}

export function tlsSettings(input: TlsInput): TlsSettings {
  const { flags } = input
  if ((flags.cert === undefined) !== (flags.key === undefined)) {
    throw usageError('a client certificate needs both --cert and --key', 'give both, or neither')
  }
  const version = read(input, 'tls-version', tlsVersion)
  return {
    insecure: flags.insecure === true,
    ...(flags.cafile !== undefined && { caFile: flags.cafile }),
    ...(flags.capath !== undefined && { caPath: flags.capath }),
    ...(flags.cert !== undefined && { certFile: flags.cert }),
    ...(flags.key !== undefined && { keyFile: flags.key }),
    ...(flags.keypw !== undefined && { keyPassphrase: flags.keypw }),
    ...(flags['tls-sni'] !== undefined && { serverName: flags['tls-sni'] }),
    ...(flags['tls-alpn'] !== undefined && { alpn: listedNames(flags['tls-alpn']) }),
    ...(version !== undefined && { version }),
    ...(flags.ciphers !== undefined && { ciphers: flags.ciphers }),
  }
}
