import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import { MqttCliError } from '../../../errors.ts'
import type { TlsSettings } from '../../settings.ts'
import { errorCode } from '../connect-errors.ts'
import { refuseInterchanged, refuseUnmatched } from './key-pair.ts'
import { pemFrom } from './pem-file.ts'
import { anyCiphers } from './spoken-tls.ts'

interface TlsFiles {
  /** Undefined: the authorities that node trusts, `NODE_EXTRA_CA_CERTS` included. */
  readonly ca?: readonly string[]
  readonly cert?: Buffer
  readonly key?: Buffer
}

/** Read at each connect, so that a renewed certificate is used from the next reconnect on. */
export async function readTlsFiles(tls: TlsSettings): Promise<TlsFiles> {
  const pair = await readKeyPair(tls)
  const ca = await authorities(tls)
  return { ...pair, ...(ca && { ca }) }
}

async function readKeyPair(tls: TlsSettings): Promise<{ readonly cert?: Buffer; readonly key?: Buffer }> {
  const { certFile, keyFile, keyPassphrase: passphrase } = tls
  if (certFile === undefined || keyFile === undefined) return {}
  const [certBytes, keyBytes] = [await read('certificate file', certFile), await read('private key file', keyFile)]
  refuseInterchanged({ certFile, keyFile, cert: certBytes, key: keyBytes })
  const cert = pemFrom('certificate', certFile, certBytes)
  const key = pemFrom('private key', keyFile, keyBytes)
  refuseUnmatched({ certFile, keyFile, cert, key, ...(passphrase !== undefined && { passphrase }) })
  return { cert, key }
}

/** Naming a file or a folder replaces node's own list: who names an authority trusts that one. */
async function authorities(tls: TlsSettings): Promise<readonly string[] | undefined> {
  const { caFile, caPath } = tls
  if (caFile === undefined && caPath === undefined) return undefined
  const fromFile = caFile === undefined ? [] : [pemFrom('CA', caFile, await read('CA file', caFile)).toString('latin1')]
  const fromFolder = caPath === undefined ? [] : await readFolder(caPath)
  return [...fromFile, ...fromFolder]
}

/** Any file name will do: OpenSSL's hashed names serve to find a file without reading all, which we do. */
async function readFolder(folder: string): Promise<readonly string[]> {
  const names = await attempt('CA folder', folder, () => readdir(folder))
  const found = await Promise.all(names.map((name) => certificatesIn(join(folder, name))))
  const usable = found.flat()
  if (usable.length > 0) return usable
  throw new MqttCliError('local-io', `the folder ${folder} holds no certificate`, {
    layer: 'TLS',
    tries: ['put the CA certificates there as PEM files'],
  })
}

/** A folder holds other things too: what is no certificate is passed over. */
async function certificatesIn(path: string): Promise<readonly string[]> {
  try {
    return [pemFrom('CA', path, await readFile(path)).toString('latin1')]
  } catch {
    return []
  }
}

function read(what: string, path: string): Promise<Buffer> {
  return attempt(what, path, () => readFile(path))
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

/** OpenSSL calls 1.0 by the name of its family. */
function protocolName(version: NonNullable<TlsSettings['version']>) {
  return version === '1.0' ? 'TLSv1' : (`TLSv${version}` as const)
}

export function secureContextFor(tls: TlsSettings, files: TlsFiles): SecureContext {
  const version = tls.version === undefined ? undefined : protocolName(tls.version)
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
    causes: ['a file is damaged, or too weak for the security level of OpenSSL here'],
    tries: [
      'check each with: openssl x509 -noout -text -in CERT; openssl pkey -noout -in KEY',
      { try: 'weaker-ciphers-for-files', ciphers: anyCiphers },
    ],
    facts: { code },
    cause: error,
  })
}
