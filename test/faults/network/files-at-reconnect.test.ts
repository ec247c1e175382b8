import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { benchRun } from '../../support/bench/bench-run.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import {
  accepts,
  endOf,
  grants,
  messagesIn,
  publishIdentifier,
  serves,
} from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'
import { writeCertificates } from '../../support/transports/certificates.ts'

const folder = temporaryFolder()
const certificates = writeCertificates(folder)
const message = '30 05 0001 61 00 78'

type Names = 'ca' | 'cert' | 'key'

describe('fault 53: a TLS file that is needed again', { concurrency: 4 }, () => {
  const gone = (path: string) => renameSync(path, `${path}.gone`)
  const cutOff = (path: string) => writeFileSync(path, '-----BEGIN CERTIFICATE-----\nMIIB')
  const rows: ReadonlyArray<readonly [what: string, name: Names, ruin: (path: string) => void]> = [
    ['an authority that is gone', 'ca', gone],
    ['an authority that is half written', 'ca', cutOff],
    ['a certificate that is gone', 'cert', gone],
    ['a key that is gone', 'key', gone],
    [
      'a key that is renewed before its certificate',
      'key',
      (path) => copyFileSync(certificates.keyFile('server'), path),
    ],
  ]
  for (const [index, [what, name, ruin]] of rows.entries()) {
    for (const websocket of [undefined, 'mqtt']) {
      const transport = websocket === undefined ? 'tls' : 'wss'
      test(`${what}: sub goes on over ${transport} with what it held before, and says so`, async (t) => {
        const own = join(folder, `${index}-${transport}`)
        mkdirSync(own)
        const paths = { ca: join(own, 'ca.pem'), cert: join(own, 'cert.pem'), key: join(own, 'key.pem') }
        copyFileSync(certificates.caFile, paths.ca)
        copyFileSync(certificates.certFile('client'), paths.cert)
        copyFileSync(certificates.keyFile('client'), paths.key)
        const cut: Step[] = [...accepts(5), ...grants(5, '00'), { run: () => ruin(paths[name]) }, { close: 'fin' }]
        const tls = { ...certificates.issued.server, ca: certificates.ca.cert, requestCert: true }
        const broker = await startScriptedBroker([cut, [...serves(5, message), { wait: 'client-close' }]], {
          tls,
          ...(websocket !== undefined && { websocket }),
        })
        t.after(broker.close)
        const url = `${websocket === undefined ? 'mqtts' : 'wss'}://localhost:${broker.port}`
        const files = ['--cafile', paths.ca, '--cert', paths.cert, '--key', paths.key]

        const end = await endOf(runCli(['sub', 'a', '-L', url, '-C', '1', '-V', '5', '--json', ...files]))

        assert.equal(end.exitCode, 0)
        assert.deepEqual(messagesIn(end), ['a x'])
        const notes = end.notes.map(({ message }) => message)
        assert.ok(
          notes.some((note) => note.includes(paths[name]) && note.includes('before')),
          notes.join('\n'),
        )
      })
    }
  }
})

test('fault 53: a client of a load comes back with them too', async (t) => {
  const caFile = join(folder, 'load-ca.pem')
  copyFileSync(certificates.caFile, caFile)
  const cut: Step[] = [
    ...accepts(5),
    { expect: 'publish' },
    { run: () => renameSync(caFile, `${caFile}.gone`) },
    { close: 'fin' },
  ]
  const acknowledge: Step = {
    answer: ({ type, bytes }) => (type === 'publish' ? `40 02 ${publishIdentifier(bytes)}` : undefined),
  }
  const broker = await startScriptedBroker([cut, [...accepts(5), acknowledge]], { tls: certificates.issued.server })
  t.after(broker.close)
  const load = ['-c', '1', '--messages', '1', '-t', 'a', '-q', '1', '--size', '32', '--reconnect-for', '20', '-V', '5']
  const url = `mqtts://localhost:${broker.port}`

  const run = await benchRun(['pub', '-L', url, '--cafile', caFile, ...load])

  assert.equal(run.result.connect.reconnected, 1, run.stderr)
  assert.equal(broker.connections[1]?.receivedTypes.includes('publish'), true)
})
