import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import { MqttCliError } from '../../errors.ts'
import type { TlsSettings } from '../settings.ts'
import { errorCode } from './connect-errors.ts'

export interface TlsFiles {
  /** Undefined: the authorities that node trusts, `NODE_EXTRA_CA_CERTS` included. */
  readonly ca?: readonly string[]
  readonly cert?: Buffer
  readonly key?: Buffer
}

/** Read at each connect, so that a renewed certificate is used from the next reconnect on. */
export async function readTlsFiles(tls: TlsSettings): Promise<TlsFiles> {
  const cert = await readIfNamed('certificate', tls.certFile)
  const key = await readIfNamed('private key', tls.keyFile)
  const ca = await authorities(tls)
  return { ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }) }
}

/** Naming a file or a folder replaces node's own list: who names an authority trusts that one. */
async function authorities(tls: TlsSettings): Promise<readonly string[] | undefined> {
  if (tls.caFile === undefined && tls.caPath === undefined) return undefined
  const file = await readIfNamed('CA', tls.caFile)
  const fromFile = file === undefined ? [] : [requireCertificate(file.toString('latin1'), tls.caFile ?? '')]
  const fromFolder = tls.caPath === undefined ? [] : await readFolder(tls.caPath)
  return [...fromFile, ...fromFolder]
}

const CERTIFICATE_BEGINS = /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/

/** A file without a certificate would mean trust in nobody, and every server would look forged. */
function requireCertificate(pem: string, path: string): string {
  if (CERTIFICATE_BEGINS.test(pem)) return pem
  throw new MqttCliError('local-io', `${path} holds no certificate`, {
    layer: 'TLS',
    causes: ['the file is not PEM (DER, PKCS #12)', 'it is the key, or another file'],
    tries: ['convert it: openssl x509 -inform der -in FILE -out FILE.pem'],
  })
}

/** Any file name will do: OpenSSL's hashed names serve to find a file without reading all, which we do. */
async function readFolder(folder: string): Promise<readonly string[]> {
  const names = await attempt('CA folder', folder, () => readdir(folder))
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1').catch(() => '')))
  const found = texts.filter((text) => CERTIFICATE_BEGINS.test(text))
  if (found.length > 0) return found
  throw new MqttCliError('local-io', `the folder ${folder} holds no certificate`, {
    layer: 'TLS',
    tries: ['put the CA certificates there as PEM files'],
  })
}

async function readIfNamed(what: string, path: string | undefined): Promise<Buffer | undefined> {
  return path === undefined ? undefined : attempt(`${what} file`, path, () => readFile(path))
}

async function attempt<T>(what: string, path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw new MqttCliError('local-io', `cannot read the ${what} ${path} (${errorCode(error)})`, {
      layer: 'TLS',
      tries: ['check the path and its permissions'],
      facts: { path, code: errorCode(error) },
      cause: error,
    })
  }
}

export function secureContextFor(tls: TlsSettings, files: TlsFiles): SecureContext {
  const version = tls.version === undefined ? undefined : (`TLSv${tls.version}` as const)
  try {
    return createSecureContext({
      ...(files.ca && { ca: [...files.ca] }),
      ...(files.cert && { cert: files.cert }),
      ...(files.key && { key: files.key }),
      ...(tls.keyPassphrase !== undefined && { passphrase: tls.keyPassphrase }),
      ...(version && { minVersion: version, maxVersion: version }),
      ...(tls.ciphers !== undefined && { ciphers: tls.ciphers }),
    })
  } catch (error) {
    throw unusable(tls, error)
  }
}

function unusable(tls: TlsSettings, error: unknown): MqttCliError {
  const code = errorCode(error)
  if (code === 'ERR_SSL_NO_CIPHER_MATCH') {
    return new MqttCliError('usage', `no cipher matches "${tls.ciphers}"`, {
      layer: 'TLS',
      tries: ['list what there is: openssl ciphers -v'],
      cause: error,
    })
  }
  const names = [tls.certFile, tls.keyFile, tls.caFile].filter((name) => name !== undefined).join(', ')
  return new MqttCliError('local-io', `the TLS files cannot be used: ${names} (${code})`, {
    layer: 'TLS',
    causes: CAUSES_OF_BAD_FILES[code] ?? ['a file is damaged, or not PEM'],
    tries: ['check each with: openssl x509 -noout -text -in CERT; openssl pkey -noout -in KEY'],
    facts: { code },
    cause: error,
  })
}

const CAUSES_OF_BAD_FILES: Readonly<Record<string, readonly string[]>> = {
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: ['the private key does not belong to the certificate'],
  ERR_OSSL_BAD_DECRYPT: ['the passphrase of the private key is wrong'],
  ERR_MISSING_PASSPHRASE: ['the private key is encrypted, and no passphrase was given'],
  ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED: ['the private key is encrypted, and no passphrase was given'],
}
