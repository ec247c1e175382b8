import type { TLSSocket } from 'node:tls'
import type { Advice } from '../../../advice.ts'
import { type ErrorDetails, MqttCliError } from '../../../errors.ts'
import { errorCode, lostConnection } from '../connect-errors.ts'
import { anyCiphers } from './spoken-tls.ts'
import { weaknessOf } from './weak-certificate.ts'

type Explanation = Pick<ErrorDetails, 'causes' | 'tries'> & { readonly what: string }

const WEAK: Advice = { try: 'weaker-ciphers-for-broker', ciphers: anyCiphers }
const UNVERIFIED: Advice = { try: 'unverified' }
const TRUST: readonly Advice[] = [{ try: 'name-authority' }, UNVERIFIED]

/** What is wrong with the server's certificate, by OpenSSL's and node's codes. */
const REJECTIONS: Readonly<Record<string, Explanation>> = {
  CERT_HAS_EXPIRED: {
    what: "the server's certificate has expired",
    causes: [
      'the certificate was not renewed, or the server was not restarted after it was',
      'the clock of this machine is ahead',
    ],
    tries: ['have the certificate renewed', 'check the clock: date', UNVERIFIED],
  },
  CERT_NOT_YET_VALID: {
    what: "the server's certificate is not yet valid",
    causes: ['the clock of this machine is behind', 'the certificate was issued for later'],
    tries: ['check the clock: date', UNVERIFIED],
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: "the server's certificate is for another host",
    causes: [
      'the host was named by an alias or an IP address that the certificate does not list',
      'another server answers there',
    ],
    tries: ['use a name that the certificate lists', { try: 'other-server-name' }, UNVERIFIED],
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    what: "the server's certificate is self-signed, and not trusted here",
    causes: ['the broker uses a certificate of its own making'],
    tries: [{ try: 'trust-this-certificate' }, UNVERIFIED],
  },
  CERT_REVOKED: {
    what: "the server's certificate has been revoked",
    causes: ['its authority withdrew it'],
    tries: ['ask who runs the broker; do not connect before you know why'],
  },
}

const UNKNOWN_AUTHORITY: Explanation = {
  what: "the server's certificate is signed by an unknown authority",
  causes: ['the broker uses a private authority', 'the broker does not send its intermediate certificates'],
  tries: TRUST,
}

const OTHER_REJECTION: Explanation = { what: "the server's certificate was not accepted", causes: [], tries: TRUST }

const UNKNOWN_AUTHORITY_CODES = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_UNTRUSTED',
])

/** The handshake went through, and then the certificate did not convince us. `alpn`: what we offered. */
export function certificateRejected(socket: TLSSocket, target: string, alpn?: readonly string[]): MqttCliError {
  const code = String(socket.authorizationError)
  const explanation = explanationOf(code, socket)
  const certificate = certificateFacts(socket)
  const names = certificate.names === '' ? 'for no names at all' : `for ${certificate.names}`
  const agreed = alpn === undefined ? '' : `; ${agreedAlpn(socket)}`
  const shown = `subject ${certificate.subject}, ${names}, valid from ${certificate.validFrom} to ${certificate.validTo}${agreed}`
  return new MqttCliError('unreachable', `${explanation.what}: ${target} (${code}; ${shown})`, {
    layer: 'TLS',
    causes: explanation.causes ?? [],
    tries: explanation.tries ?? [],
    facts: { target, code, certificate },
  })
}

function explanationOf(code: string, socket: TLSSocket): Explanation {
  const known = UNKNOWN_AUTHORITY_CODES.has(code) ? UNKNOWN_AUTHORITY : own(REJECTIONS, code)
  if (known !== undefined) return known
  const weakness = weaknessOf(socket)
  if (weakness === undefined && !/_TOO_(WEAK|SMALL)$/.test(code)) return OTHER_REJECTION
  return {
    what: "the server's certificate is too weak",
    causes: [weakness ?? 'its key is short, or it is signed with SHA-1 or MD5'],
    tries: ['have it made anew: a key of 2048 bits or more, SHA-256', WEAK],
  }
}

/** The application protocol of a connection on which we offered some. */
export function agreedAlpn({ alpnProtocol }: TLSSocket): string {
  return typeof alpnProtocol === 'string' && alpnProtocol !== '' ? `ALPN ${alpnProtocol}` : 'no ALPN agreed'
}

function certificateFacts(socket: TLSSocket) {
  const certificate = socket.getPeerCertificate()
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    names: certificate.subjectaltname ?? '',
    validFrom: certificate.valid_from,
    validTo: certificate.valid_to,
  }
}

function distinguishedName(name: object | undefined): string {
  const parts = Object.entries(name ?? {}).map(([key, value]) => `${key}=${[value].flat().join(`+${key}=`)}`)
  return parts.length === 0 ? '(empty)' : parts.join(', ')
}

const CLIENT_CERTIFICATE: readonly Advice[] = [{ try: 'client-certificate' }]

/** What the peer says in a TLS alert, by the part of OpenSSL's code behind ALERT_. */
const ALERTS: Readonly<Record<string, Explanation>> = {
  CERTIFICATE_REQUIRED: {
    what: 'the broker demands a client certificate, and none was given',
    causes: ['the broker admits only clients with a certificate'],
    tries: CLIENT_CERTIFICATE,
  },
  CERTIFICATE_REVOKED: {
    what: 'the broker says that our client certificate has been revoked',
    causes: ["it is in the broker's revocation list"],
    tries: CLIENT_CERTIFICATE,
  },
  CERTIFICATE_EXPIRED: {
    what: 'the broker says that our client certificate has expired',
    causes: ['it was not renewed', 'the clock of one of the two machines is wrong'],
    tries: CLIENT_CERTIFICATE,
  },
  UNKNOWN_CA: {
    what: 'the broker does not know the authority of our client certificate',
    causes: ['the certificate is for another broker', 'the file lacks the intermediate certificates'],
    tries: CLIENT_CERTIFICATE,
  },
  BAD_CERTIFICATE: {
    what: 'the broker does not accept our client certificate',
    causes: ['it is damaged, not yet valid, or not meant for clients'],
    tries: CLIENT_CERTIFICATE,
  },
  CERTIFICATE_UNKNOWN: {
    what: 'the broker does not accept our client certificate',
    causes: ['it is not meant for clients, or not known to the broker'],
    tries: CLIENT_CERTIFICATE,
  },
  HANDSHAKE_FAILURE: {
    what: 'the broker found no way of speaking TLS with us',
    causes: ['no common cipher', 'the broker demands a client certificate (TLS 1.2)'],
    tries: [{ try: 'no-tls-limits' }, ...CLIENT_CERTIFICATE],
  },
  PROTOCOL_VERSION: {
    what: 'the broker does not speak this version of TLS',
    causes: [{ try: 'tls-version-is-off' }],
    tries: [{ try: 'no-tls-version' }],
  },
  NO_APPLICATION_PROTOCOL: {
    what: 'the broker knows none of the application protocols that we offered',
    causes: [{ try: 'alpn-asks' }],
    tries: [{ try: 'other-alpn' }],
  },
  UNRECOGNIZED_NAME: {
    what: 'the broker does not know the server name that we asked for',
    causes: ['the host is served under another name'],
    tries: [{ try: 'name-server' }],
  },
}

const PLAIN_PORT: Explanation = {
  what: 'what listens there does not speak TLS',
  causes: ['the port is for plain MQTT: 1883 is, 8883 is usual for TLS'],
  tries: ['connect without TLS (mqtt:// in place of mqtts://), or to the TLS port'],
}

const TOO_WEAK: Explanation = {
  what: 'what the broker offers is too weak for the security level of OpenSSL here',
  causes: ['its key is short, or it signs with SHA-1 or MD5, as TLS 1.1 does'],
  tries: ['have the broker updated', WEAK],
}

const HANDSHAKE_FAILURES: Readonly<Record<string, Explanation>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: PLAIN_PORT,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: PLAIN_PORT,
  ERR_SSL_UNEXPECTED_MESSAGE: PLAIN_PORT,
  ERR_SSL_HTTP_REQUEST: PLAIN_PORT,
  ERR_SSL_UNSUPPORTED_PROTOCOL: ALERTS.PROTOCOL_VERSION as Explanation,
  ERR_SSL_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED: TOO_WEAK,
  ERR_SSL_DH_KEY_TOO_SMALL: TOO_WEAK,
  ERR_SSL_EE_KEY_TOO_SMALL: TOO_WEAK,
  ERR_SSL_CA_KEY_TOO_SMALL: TOO_WEAK,
  ERR_SSL_CA_MD_TOO_WEAK: TOO_WEAK,
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: TOO_WEAK,
  ECONNRESET: {
    what: 'the other side closed during the TLS handshake',
    causes: [
      'the port is for plain MQTT: a broker closes when it sees TLS there',
      'the broker refuses our client certificate or TLS version without saying so',
    ],
    tries: ['connect without TLS, or to the TLS port (8883 is usual)', 'look at the log of the broker'],
  },
}

const OTHER_FAILURE: Explanation = {
  what: 'the TLS handshake failed',
  causes: [],
  tries: ['check that the port speaks TLS', 'look at the log of the broker'],
}

/** OpenSSL 3.0 says TLSV13_ALERT_CERTIFICATE_REQUIRED, later ones prefix it otherwise. */
function alertIn(code: string): Explanation | undefined {
  const name = /^ERR_SSL_.*_ALERT_(.+)$/.exec(code)?.[1]
  return name === undefined ? undefined : own(ALERTS, name)
}

/** Client and server have no version of TLS in common. */
export function isVersionRefusal(error: Error): boolean {
  const code = errorCode(error)
  return code === 'ERR_SSL_UNSUPPORTED_PROTOCOL' || alertIn(code) === ALERTS.PROTOCOL_VERSION
}

export function handshakeFailed(target: string, error: Error, alpn: readonly string[] = []): MqttCliError {
  const alert = alertIn(errorCode(error))
  const where = alert === ALERTS.NO_APPLICATION_PROTOCOL ? `${target}, offered ${alpn.join(', ')}` : target
  return failure(where, error, alert ?? own(HANDSHAKE_FAILURES, errorCode(error)) ?? OTHER_FAILURE)
}

/** TLS 1.3 refuses a client certificate after the handshake is done for us: it arrives on an open connection. */
export function tlsConnectionLost(description: string, error: Error): MqttCliError {
  const alert = alertIn(errorCode(error))
  return alert === undefined ? lostConnection('TLS', description, error) : failure(description, error, alert)
}

function failure(target: string, error: Error, explanation: Explanation): MqttCliError {
  const code = errorCode(error)
  return new MqttCliError('unreachable', `${explanation.what}: ${target} (${code})`, {
    layer: 'TLS',
    causes: explanation.causes ?? [],
    tries: explanation.tries ?? [],
    facts: { target, code },
    cause: error,
  })
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
