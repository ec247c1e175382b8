import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import {
  bits,
  boolean,
  explicit,
  implicit,
  integer,
  objectId,
  octets,
  pem,
  sequence,
  set,
  utcTime,
  utf8,
} from './der.ts'

/** Real certificates (RFC 5280), EC P-256, made in a few milliseconds with node's crypto alone. */

const DAY_MS = 86_400_000
const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'))
const ECDSA_WITH_SHA1 = sequence(objectId('1.2.840.10045.4.1'))

export interface Issued {
  readonly cert: string
  readonly key: string
  readonly serial: Buffer
}

export interface Authority extends Issued {
  readonly commonName: string
  readonly privateKey: KeyObject
}

export interface Wanted {
  readonly commonName: string
  /** 'localhost', '127.0.0.1' … for servers; none for a client. */
  readonly names?: readonly string[]
  /** Days from now; negative is past. */
  readonly validFromDays?: number
  readonly validToDays?: number
  /** Of the signature; SHA-256 by default. */
  readonly digest?: 'sha1'
  /** A key of this many bits for RSA; EC P-256 by default. */
  readonly rsaBits?: number
}

export function makeAuthority(commonName: string): Authority {
  const { publicKey, privateKey } = newKeys()
  const serial = newSerial()
  const extensions = [extension('2.5.29.19', sequence(boolean(true)), true)] // basicConstraints: CA
  const cert = certificate({ commonName }, commonName, serial, publicKey, privateKey, extensions)
  return { commonName, privateKey, cert, key: keyPem(privateKey), serial }
}

export function issue(authority: Authority, wanted: Wanted): Issued {
  const { publicKey, privateKey } = newKeys(wanted.rsaBits)
  const serial = newSerial()
  const names = (wanted.names ?? []).map(alternativeName)
  const extensions = names.length === 0 ? [] : [extension('2.5.29.17', sequence(...names))]
  const cert = certificate(wanted, authority.commonName, serial, publicKey, authority.privateKey, extensions)
  return { cert, key: keyPem(privateKey), serial }
}

/** The authority's list of what it withdrew, for a server's `crl` option. */
export function revoke(authority: Authority, revoked: readonly Issued[]): string {
  const yesterday = utcTime(daysFromNow(-1))
  const entries = revoked.map(({ serial }) => sequence(integer(serial), yesterday))
  const list = sequence(
    integer(Buffer.from([1])), // version 2
    ECDSA_WITH_SHA256,
    distinguishedName(authority.commonName),
    yesterday,
    utcTime(daysFromNow(1)),
    sequence(...entries),
  )
  return pem('X509 CRL', signed(list, authority.privateKey))
}

function certificate(
  wanted: Wanted,
  issuer: string,
  serial: Buffer,
  publicKey: KeyObject,
  signingKey: KeyObject,
  extensions: readonly Buffer[],
): string {
  const { commonName, validFromDays = -1, validToDays = 30, digest = 'sha256' } = wanted
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))), // version 3
    integer(serial),
    digest === 'sha1' ? ECDSA_WITH_SHA1 : ECDSA_WITH_SHA256,
    distinguishedName(issuer),
    sequence(utcTime(daysFromNow(validFromDays)), utcTime(daysFromNow(validToDays))),
    distinguishedName(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [explicit(3, sequence(...extensions))]),
  )
  return pem('CERTIFICATE', signed(content, signingKey, digest))
}

function signed(content: Buffer, key: KeyObject, digest: 'sha1' | 'sha256' = 'sha256'): Buffer {
  const algorithm = digest === 'sha1' ? ECDSA_WITH_SHA1 : ECDSA_WITH_SHA256
  return sequence(content, algorithm, bits(sign(digest, content, key)))
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(objectId('2.5.4.3'), utf8(commonName))))
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value))
}

function alternativeName(name: string): Buffer {
  if (isIP(name) === 4) return implicit(7, Buffer.from(name.split('.').map(Number)))
  if (name === '::1') return implicit(7, Buffer.from('00000000000000000000000000000001', 'hex'))
  return implicit(2, Buffer.from(name))
}

function newKeys(rsaBits?: number) {
  if (rsaBits !== undefined) return generateKeyPairSync('rsa', { modulusLength: rsaBits })
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

/** Positive, and no leading zero. */
function newSerial(): Buffer {
  return Buffer.concat([Buffer.from([0x42]), randomBytes(11)])
}

function keyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * DAY_MS)
}

const NAMES = ['localhost', '127.0.0.1', '::1']

/** What TLS tests want, by name. */
const SET = {
  server: { commonName: 'localhost', names: NAMES },
  expired: { commonName: 'localhost', names: NAMES, validFromDays: -20, validToDays: -10 },
  notYetValid: { commonName: 'localhost', names: NAMES, validFromDays: 10, validToDays: 20 },
  wrongHost: { commonName: 'elsewhere.test', names: ['elsewhere.test'] },
  client: { commonName: 'a client' },
} as const satisfies Readonly<Record<string, Wanted>>

export type CertificateName = keyof typeof SET | 'unknownAuthority' | 'strangeClient'

export interface Certificates {
  readonly ca: Authority
  readonly issued: Readonly<Record<CertificateName, Issued>>
  readonly caFile: string
  readonly certFile: (name: CertificateName) => string
  readonly keyFile: (name: CertificateName) => string
}

/** The whole set, written into a folder: `ca.pem`, and `NAME.pem` with `NAME.key` for each. */
export function writeCertificates(folder: string): Certificates {
  const ca = makeAuthority('test CA')
  const stranger = makeAuthority('unknown CA')
  const known = Object.entries(SET).map(([name, wanted]) => [name, issue(ca, wanted)] as const)
  const issued = {
    ...Object.fromEntries(known),
    unknownAuthority: issue(stranger, SET.server),
    strangeClient: issue(stranger, SET.client),
  } as Record<CertificateName, Issued>
  const path = (file: string) => join(folder, file)
  writeFileSync(path('ca.pem'), ca.cert)
  for (const [name, { cert, key }] of Object.entries(issued)) {
    writeFileSync(path(`${name}.pem`), cert)
    writeFileSync(path(`${name}.key`), key, { mode: 0o600 })
  }
  return {
    ca,
    issued,
    caFile: path('ca.pem'),
    certFile: (name) => path(`${name}.pem`),
    keyFile: (name) => path(`${name}.key`),
  }
}
