import { X509Certificate } from 'node:crypto'
import type { Advice } from '../../../advice.ts'
import { MqttCliError } from '../../../errors.ts'

/** What a file named on the command line should hold. */
type PemRole = 'certificate' | 'private key' | 'CA'

const labelLine = /^-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?$/gm
const certificateBlock = /^-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[\s\S]*?^-----END \1-----/gm
/** The certificates of a whole system take 40 ms to parse; a broker's own authority is a file of one or two. */
const mostParsed = 8
const byteOrderMark = Buffer.from('efbbbf', 'hex')

/**
 * The PEM text of a file, fit for OpenSSL, which itself passes over what it cannot read: an authority that is indented
 * or damaged would be trusted no more, and nobody told why.
 */
export function pemFrom(role: PemRole, path: string, file: Buffer): Buffer {
  const bytes = file.subarray(0, 3).equals(byteOrderMark) ? file.subarray(3) : file // Windows editors put it there
  const text = bytes.toString('latin1')
  if (!labelsIn(text).some((label) => isOf(role, label))) throw notOf(role, path, bytes, text)
  if (role !== 'private key') refuseDamaged(path, text)
  return bytes
}

/** Whether the private key in it needs a passphrase. */
export function isEncryptedKey(pem: Buffer): boolean {
  const text = pem.toString('latin1')
  return text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----') || /^Proc-Type: 4,ENCRYPTED/m.test(text)
}

/** What a file holds, in words: `a private key`, `a certificate and a private key`. Undefined: no PEM. */
export function contentOf(bytes: Buffer): string | undefined {
  const names = labelsIn(bytes.toString('latin1')).map((label) => nameOf(label))
  return names.length === 0 ? undefined : [...new Set(names)].join(' and ')
}

function labelsIn(text: string): string[] {
  // EC PARAMETERS stand before some keys, and are part of them.
  return Array.from(text.matchAll(labelLine), ([, label = '']) => label).filter((label) => label !== 'EC PARAMETERS')
}

function isOf(role: PemRole, label: string): boolean {
  return role === 'private key' ? label.endsWith('PRIVATE KEY') : /^(X509 |TRUSTED )?CERTIFICATE$/.test(label)
}

function nameOf(label: string): string {
  if (label.endsWith('PRIVATE KEY')) return 'a private key'
  if (isOf('CA', label)) return 'a certificate'
  if (label.endsWith('CERTIFICATE REQUEST')) return 'a certificate request, which an authority has to sign first'
  if (label.endsWith('PUBLIC KEY')) return 'a public key'
  return label === 'X509 CRL' ? 'a list of revoked certificates' : `"${label}"`
}

/** Why there is nothing to use in it, and what makes it usable. */
function notOf(role: PemRole, path: string, bytes: Buffer, text: string): MqttCliError {
  const { holds, tries } = diagnosis(role, bytes, text)
  const wanted = role === 'private key' ? 'private key' : 'certificate'
  return new MqttCliError('local-io', `the ${role} file ${path} holds no usable ${wanted}: ${holds}`, {
    layer: 'TLS',
    tries,
    facts: { path },
  })
}

function diagnosis(role: PemRole, bytes: Buffer, text: string): { holds: string; tries: readonly Advice[] } {
  const program = role === 'private key' ? 'openssl pkey' : 'openssl x509'
  const content = contentOf(bytes)
  if (bytes.length === 0) return { holds: 'it is empty', tries: ['check the path'] }
  if (content !== undefined) return { holds: `it holds ${content}`, tries: [{ try: 'which-file-is-which' }] }
  if (text.includes('\0') && /^(\xff\xfe|\xfe\xff)/.test(text)) {
    return { holds: 'it is text in UTF-16', tries: ['convert it: iconv -f UTF-16 -t ASCII FILE > FILE.pem'] }
  }
  if (/-----BEGIN [^-]+-----\\n/.test(text)) {
    const tries = ['convert it: printf \'%b\' "$(cat FILE)" > FILE.pem']
    return { holds: 'it has the two characters \\n where its lines should end', tries }
  }
  if (/^[ \t>]+-----BEGIN /m.test(text)) {
    return { holds: 'its lines are indented', tries: ["take the blanks away: sed 's/^[ \\t>]*//' FILE > FILE.pem"] }
  }
  if (isArchive(bytes)) {
    const part = role === 'private key' ? '-nocerts -noenc' : role === 'CA' ? '-cacerts -nokeys' : '-clcerts -nokeys'
    return {
      holds: 'it is PKCS #12 (.p12, .pfx)',
      tries: [`take it out: openssl pkcs12 -in FILE ${part} -out FILE.pem`],
    }
  }
  if (bytes[0] === 0x30) {
    return { holds: 'it is DER, which is binary', tries: [`convert it: ${program} -inform der -in FILE -out FILE.pem`] }
  }
  return { holds: 'it is not PEM', tries: ['check that it is the right file: it should have a line -----BEGIN …-----'] }
}

/** PFX begins with its version, 3; a certificate or a key with a SEQUENCE or another number. */
function isArchive(bytes: Buffer): boolean {
  if (bytes[0] !== 0x30) return false
  const lengthBytes = (bytes[1] ?? 0) < 0x80 ? 1 : 1 + ((bytes[1] ?? 0) & 0x7f)
  const at = 1 + lengthBytes
  return bytes.subarray(at, at + 3).equals(Buffer.from('020103', 'hex'))
}

function refuseDamaged(path: string, text: string): void {
  const begun = labelsIn(text).filter((label) => isOf('certificate', label)).length
  const blocks = Array.from(text.matchAll(certificateBlock), ([block]) => block)
  const broken = begun > mostParsed ? -1 : blocks.findIndex((block) => !isReadable(block))
  if (broken < 0 && blocks.length === begun) return
  const which = broken < 0 ? blocks.length : broken
  throw new MqttCliError('local-io', `${path}: its certificate number ${which + 1} of ${begun} is damaged`, {
    layer: 'TLS',
    causes: ['the file was cut off or changed on the way'],
    tries: ['look at it: openssl x509 -noout -text -in FILE', 'get the file again'],
    facts: { path },
  })
}

/** TRUSTED ones carry more than the certificate, and only OpenSSL itself reads them. */
function isReadable(block: string): boolean {
  if (block.includes('TRUSTED')) return true
  try {
    return new X509Certificate(block).raw.length > 0
  } catch {
    return false
  }
}
