import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { describe, test } from 'node:test'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { writeCertificates } from '../../support/transports/certificates.ts'

const certificates = writeCertificates(temporaryFolder())
const pair = ['--cert', certificates.certFile('server'), '--key', certificates.keyFile('server')]
const ours = ['--to-cert', certificates.certFile('client'), '--to-key', certificates.keyFile('client')]
const proxy = ['inspect', 'proxy', '--listen', '0', '--to', 'mqtts://127.0.0.1:1']

const commands: ReadonlyArray<readonly [what: string, key: string, args: readonly string[]]> = [
  ['broker --key', certificates.keyFile('server'), ['broker', '-p', '0', '--tls', ...pair]],
  ['inspect proxy --key', certificates.keyFile('server'), [...proxy, ...pair]],
  ['inspect proxy --to-key', certificates.keyFile('client'), [...proxy, ...ours]],
]

describe('a private key', { skip: process.platform === 'win32' ? 'no such modes on Windows' : undefined }, () => {
  for (const [what, key, args] of commands) {
    test(`fault 35: ${what}: a note says that others can read it, and nothing when they cannot`, async () => {
      const notes = []
      for (const mode of [0o644, 0o600]) {
        chmodSync(key, mode)
        const cli = runCli(args)
        await cli.whenStdout(/127\.0\.0\.1:\d+/)
        cli.kill('SIGINT')
        notes.push(await cli.stderr())
      }

      assert.match(notes[0] ?? '', /^note: the private key .* can be read by others/)
      assert.equal(notes[1], '')
    })
  }
})
