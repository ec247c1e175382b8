import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { TlsSettings } from '../../../../src/connection/settings.ts'
import { tlsServerOptions } from '../../../../src/connection/transport/listen.ts'
import { readTlsFiles } from '../../../../src/connection/transport/tls/tls-files.ts'
import { MqttCliError } from '../../../../src/errors.ts'
import { temporaryFolder } from '../../../support/program/temp-folder.ts'
import { worded } from '../../../support/program/worded.ts'
import { writeCertificates } from '../../../support/transports/certificates.ts'

const folder = temporaryFolder()
const certificates = writeCertificates(folder)
const { cert, key } = certificates.issued.client
const bom = Buffer.from('efbbbf', 'hex')
const derCert = new X509Certificate(cert).raw
const derKey = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const rsaKey = rsa.export({ type: 'pkcs8', format: 'pem' })
const lockedKey = createPrivateKey(key).export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'sesame',
})
/** SEQUENCE { INTEGER 3, SEQUENCE { … } }: how every PKCS #12 file begins. */
const archive = Buffer.from('30820a0602010330820100', 'hex')

let count = 0
function file(bytes: string | Buffer): string {
  const path = join(folder, `file-${count++}`)
  writeFileSync(path, bytes, { mode: 0o600 })
  return path
}

const indented = (pem: string) => pem.replaceAll(/^/gm, '  ')
const literal = (pem: string) => pem.replaceAll('\n', '\\n')
const utf16 = (pem: string) => Buffer.from(`\ufeff${pem}`, 'utf16le')

async function refusal(tls: Partial<TlsSettings>): Promise<MqttCliError> {
  const error = await readTlsFiles({ insecure: false, ...tls }).then(
    () => assert.fail('the files were taken'),
    (error) => error,
  )
  assert.ok(error instanceof MqttCliError, String(error))
  assert.equal(error.kind, 'local-io')
  assert.ok(error.details.tries?.length, 'there is something to try')
  return error
}

const identity = (certBytes: string | Buffer, keyBytes: string | Buffer) => ({
  certFile: file(certBytes),
  keyFile: file(keyBytes),
})

describe('PEM files that are good', () => {
  const forms: ReadonlyArray<readonly [what: string, form: (pem: string) => string | Buffer]> = [
    ['as openssl writes them', (pem) => pem],
    ['with a byte order mark', (pem) => Buffer.concat([bom, Buffer.from(pem)])],
    ['with the line ends of Windows', (pem) => pem.replaceAll('\n', '\r\n')],
    ['behind text', (pem) => `Bag Attributes\n  friendlyName: x\n${pem}`],
  ]
  for (const [what, form] of forms) {
    test(what, async () => {
      const files = await readTlsFiles({
        insecure: false,
        caFile: file(form(certificates.ca.cert)),
        ...identity(form(cert), form(key)),
      })

      assert.deepEqual(Object.keys(files).sort(), ['ca', 'cert', 'key'])
    })
  }
})

describe('a CA file that OpenSSL would pass over in silence', () => {
  const ca = certificates.ca.cert
  const rows: ReadonlyArray<readonly [what: string, bytes: string | Buffer, says: RegExp, tries: RegExp]> = [
    ['indented', indented(ca), /indented/, /sed/],
    ['with \\n for line ends', literal(ca), /\\n/, /printf/],
    ['in DER', new X509Certificate(ca).raw, /DER/, /openssl x509 -inform der/],
    ['in PKCS #12', archive, /PKCS #12/, /openssl pkcs12/],
    ['in UTF-16', utf16(ca), /UTF-16/, /iconv/],
    ['empty', '', /empty/, /path/],
    ['of words', 'hello', /not PEM/, /BEGIN/],
    ['a private key', key, /private key/, /--cafile/],
    [
      'a certificate request',
      '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n',
      /request/,
      /./,
    ],
    ['cut off', `${ca}${ca.slice(0, 200)}`, /number 2 of 2 is damaged/, /again/],
    ['with a damaged certificate', ca.replace(/\nM.{20}/, '\nMAAAAAAAAAAAAAAAAAAAA'), /damaged/, /./],
  ]
  for (const [what, bytes, says, tries] of rows) {
    test(`${what} is refused, with what helps`, async () => {
      const error = await refusal({ caFile: file(bytes) })

      assert.match(error.message, says)
      assert.match(worded(error).details.tries.join('\n'), tries)
    })
  }
})

describe('a certificate and a key', () => {
  const rows: ReadonlyArray<readonly [what: string, cert: string | Buffer, key: string | Buffer, says: RegExp]> = [
    ['interchanged', key, cert, /holds a private key, and --key .* a certificate: they are interchanged/],
    ['with an authority as key', cert, certificates.ca.cert, /private key file .* it holds a certificate/],
    ['with a key as certificate', key, key, /certificate file .* it holds a private key/],
    ['of different kinds', cert, rsaKey, /does not belong .*one is EC, the other RSA/],
    [
      'of one kind that do not match',
      cert,
      certificates.issued.server.key,
      /does not belong to the certificate .*CN=a client/,
    ],
    ['in DER', derCert, key, /DER/],
    ['with a key in DER', cert, derKey, /DER/],
    ['with a key that is indented', cert, indented(key), /indented/],
    ['with a locked key and no passphrase', cert, lockedKey, /encrypted, and no passphrase was given/],
  ]
  for (const [what, certBytes, keyBytes, says] of rows) {
    test(`${what} are refused by a client`, async () => {
      assert.match(worded(await refusal(identity(certBytes, keyBytes))).message, says)
    })

    test(`${what} are refused by a listener of ours`, async () => {
      const options = tlsServerOptions(identity(certBytes, keyBytes)).catch((error) => {
        throw worded(error, 'broker')
      })
      await assert.rejects(options, { kind: 'local-io', message: says })
    })
  }

  test('with a locked key: --keypw is what to try, and a wrong one is told from none', async () => {
    const files = identity(cert, lockedKey)

    const without = await refusal(files)
    const wrong = await refusal({ ...files, keyPassphrase: 'canary-91' })

    assert.match(worded(without).details.tries.join(), /--keypw/)
    assert.match(wrong.message, /does not open with this passphrase/)
    assert.doesNotMatch(JSON.stringify(wrong.details), /canary-91/)
    await readTlsFiles({ insecure: false, ...files, keyPassphrase: 'sesame' })
  })

  test('an EC key may have its parameters before it', async () => {
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'
    const sec1 = createPrivateKey(key).export({ type: 'sec1', format: 'pem' })

    await readTlsFiles({ insecure: false, ...identity(cert, parameters + sec1) })
  })
})
