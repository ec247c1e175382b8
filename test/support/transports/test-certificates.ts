import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Certificates, writeCertificates } from './certificates.ts'

let made: Certificates | undefined

/** Real ones, made when they are first wanted, and kept for as long as this process lives. */
export function testCertificates(): Certificates {
  if (made !== undefined) return made
  const folder = mkdtempSync(join(tmpdir(), 'mq-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  made = writeCertificates(folder)
  return made
}
