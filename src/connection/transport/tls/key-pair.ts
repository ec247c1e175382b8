import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { Advice } from '../../../advice.ts'
import { MqttCliError } from '../../../errors.ts'
import { errorCode } from '../connect-errors.ts'
import { contentOf, isEncryptedKey } from './pem-file.ts'

/** A certificate and its private key, with the names of their files. */
interface KeyPair {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: Buffer
  readonly key: Buffer
  readonly passphrase?: string
}

/** Files that were interchanged are said together: one at a time would send people round in a circle. */
export function refuseInterchanged(files: { certFile: string; keyFile: string; cert: Buffer; key: Buffer }): void {
  const [inCert, inKey] = [contentOf(files.cert), contentOf(files.key)]
  if (inCert !== 'a private key' || inKey !== 'a certificate') return
  const { certFile, keyFile } = files
  const holds = `${certFile}, named as the certificate, holds a private key, and ${keyFile}, named as the key, a certificate`
  throw new MqttCliError('local-io', `${holds}: they are interchanged`, {
    layer: 'TLS',
    wording: { try: 'interchanged-files', certFile, keyFile },
    tries: ['change them round'],
    facts: { certFile, keyFile },
  })
}

/** OpenSSL takes an RSA key beside an EC certificate, and the handshake then fails without a reason. */
export function refuseUnmatched(pair: KeyPair): void {
  const key = privateKeyOf(pair)
  const certificate = new X509Certificate(pair.cert)
  if (certificate.checkPrivateKey(key)) return
  const [ofCertificate, ofKey] = [typeOf(certificate.publicKey), typeOf(key)]
  const kinds = ofCertificate === ofKey ? '' : `: one is ${ofCertificate}, the other ${ofKey}`
  const subject = certificate.subject === undefined ? '' : ` (${certificate.subject.replaceAll('\n', ', ')})`
  const message = `the private key ${pair.keyFile} does not belong to the certificate ${pair.certFile}${subject}${kinds}`
  throw new MqttCliError('local-io', message, {
    layer: 'TLS',
    causes: [
      'one of the two was renewed, and the other not',
      ...(certificate.ca ? [{ try: 'authority-elsewhere' } as const] : []),
    ],
    tries: ['compare: openssl x509 -pubkey -noout -in CERT; openssl pkey -pubout -in KEY'],
    facts: { certFile: pair.certFile, keyFile: pair.keyFile },
  })
}

function privateKeyOf(pair: KeyPair): KeyObject {
  const isLocked = isEncryptedKey(pair.key)
  if (isLocked && pair.passphrase === undefined) {
    throw unusableKey(pair, 'is encrypted, and no passphrase was given', [{ try: 'give-passphrase' }])
  }
  try {
    return createPrivateKey({ key: pair.key, ...(isLocked && { passphrase: pair.passphrase }) })
  } catch (error) {
    if (isLocked) throw unusableKey(pair, 'does not open with this passphrase', [{ try: 'check-passphrase' }], error)
    throw unusableKey(pair, `is damaged (${errorCode(error)})`, ['look at it: openssl pkey -noout -in KEY'], error)
  }
}

function unusableKey(pair: KeyPair, what: string, tries: readonly Advice[], cause?: unknown): MqttCliError {
  return new MqttCliError('local-io', `the private key ${pair.keyFile} ${what}`, {
    layer: 'TLS',
    causes: [`the private key ${what}`],
    tries,
    facts: { path: pair.keyFile },
    cause,
  })
}

function typeOf(key: KeyObject): string {
  return (key.asymmetricKeyType ?? 'of an unknown kind').toUpperCase()
}
