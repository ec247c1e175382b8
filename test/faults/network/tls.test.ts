import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import { type CertificateName, revoke, writeCertificates } from '../../support/transports/certificates.ts'

const folder = temporaryFolder()
const certificates = writeCertificates(folder)
const trusting = ['--cafile', certificates.caFile]
const publish = ['pub', '-h', 'localhost', '-t', 'a', '-m', 'b', '-q', '1']

/** What the program must say of each server certificate, and whose it is. */
const rejected: readonly [CertificateName, cause: RegExp, subject: RegExp][] = [
  ['expired', /expired/, /CN=localhost/],
  ['notYetValid', /not yet valid/, /CN=localhost/],
  ['wrongHost', /another host/, /CN=elsewhere\.test/],
  ['unknownAuthority', /unknown authority/, /CN=localhost/],
]

describe('TLS', { concurrency: 4, skip: mosquittoMissing() }, () => {
  for (const [name, cause, subject] of rejected) {
    test(`fault 33: a server certificate that is ${name}: 3, with the cause, the subject and the dates`, async (t) => {
      const port = await mosquitto(t, name)

      const { exitCode, stderr } = await run([...publish, '-p', port, ...trusting])

      assert.equal(exitCode, 3)
      assert.match(stderr, cause)
      assert.match(stderr, subject)
      assert.match(stderr, /valid from .*GMT to .*GMT/)
    })

    test(`fault 33: --insecure takes a certificate that is ${name}, and says so`, async (t) => {
      const port = await mosquitto(t, name)

      const { exitCode, stderr } = await run([...publish, '-p', port, ...trusting, '--insecure'])

      assert.equal(exitCode, 0)
      assert.match(stderr, /^note: certificates are not verified/)
    })
  }

  test('fault 33: verification is on by default: a private authority that nobody named is 3', async (t) => {
    const port = await mosquitto(t, 'server')

    for (const flag of ['--tls', '--tls-version=tlsv1.2']) {
      const { exitCode, stderr } = await run([...publish, '-p', port, '--tls', flag])

      assert.equal(exitCode, 3)
      assert.match(stderr, /unknown authority/)
    }
  })

  test('fault 33: a good certificate is taken without a word, by pub and by sub', async (t) => {
    const port = await mosquitto(t, 'server')

    assert.deepEqual(await run([...publish, '-p', port, ...trusting]), { exitCode: 0, stderr: '' })
    const sub = await run(['sub', '-h', 'localhost', '-p', port, '-t', 'a', '-E', ...trusting])
    assert.deepEqual(sub, { exitCode: 0, stderr: '' })
  })

  for (const version of ['1.2', '1.3']) {
    for (const [what, name] of [
      ['missing', undefined],
      ['revoked', 'client'],
      ['of a strange authority', 'strangeClient'],
    ] as const) {
      test(`fault 33: a client certificate that is ${what}, TLS ${version}: 3, and the certificate is named as the cause`, async (t) => {
        const port = await mosquitto(t, 'server', ['require_certificate true', `crlfile ${revokedList()}`])
        const own =
          name === undefined ? [] : ['--cert', certificates.certFile(name), '--key', certificates.keyFile(name)]

        const { exitCode, stderr } = await run([
          ...[...publish, '-p', port, ...trusting, '--tls-version', version],
          ...own,
        ])

        assert.equal(exitCode, 3)
        assert.match(stderr, /certificate/)
        assert.match(stderr, what === 'missing' ? /--cert/ : /\bour\b|client certificate|--cert/)
      })
    }
  }

  test('fault 33: plain MQTT to a TLS port: 3, and TLS is named', async (t) => {
    const port = await mosquitto(t, 'server')

    const { exitCode, stderr } = await run([...publish, '-p', port])

    assert.equal(exitCode, 3)
    assert.match(stderr, /TLS|mqtts/)
  })

  test('fault 33: TLS to a plain MQTT port: 3, and the cause is named', async (t) => {
    const broker = await startMosquitto()
    t.after(() => broker.stop())

    const { exitCode, stderr } = await run([...publish, '-p', String(broker.port), ...trusting])

    assert.equal(exitCode, 3)
    assert.match(stderr, /plain|no TLS|not speak TLS|mqtt:\/\//)
  })

  test('fault 33: plain MQTT to a port that answers with a TLS alert: 3', async (t) => {
    const broker = await startScriptedBroker([[{ expect: 'connect' }, { send: '15030100020246' }, { close: 'fin' }]])
    t.after(broker.close)

    const { exitCode, stderr } = await run([...publish, '-p', String(broker.port)])

    assert.equal(exitCode, 3)
    assert.match(stderr, /TLS/)
  })
})

async function run(args: readonly string[]): Promise<{ exitCode: number; stderr: string }> {
  const cli = runCli(args)
  return { exitCode: await cli.exitCode, stderr: await cli.stderr() }
}

/** Its port, as text. */
async function mosquitto(t: TestContext, name: CertificateName, more: readonly string[] = []): Promise<string> {
  const { caFile, certFile, keyFile } = certificates
  const lines = [`cafile ${caFile}`, `certfile ${certFile(name)}`, `keyfile ${keyFile(name)}`, ...more]
  const broker = await startMosquitto({ config: lines.join('\n') })
  t.after(() => broker.stop())
  return String(broker.port)
}

function revokedList(): string {
  const file = join(folder, 'revoked.pem')
  writeFileSync(file, revoke(certificates.ca, [certificates.issued.client]))
  return file
}
