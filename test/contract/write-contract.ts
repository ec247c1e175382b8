// npm run contract: writes the snapshots anew, where the changelog says what changed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { changedParts, changelogMark, contractOf, mayBeWritten, parts, promisedIn, snapshotFile } from './contract.ts'
import { scenarioSchemaPath, scenarioSchemaText } from './scenario-schema.ts'

const root = join(import.meta.dirname, '..', '..')
writeFileSync(join(root, ...scenarioSchemaPath), scenarioSchemaText())
const now = await contractOf(root)
const mark = changelogMark(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'))
const promised = promisedIn(root)
const changed = changedParts(now, promised.contract)

if (changed.length === 0) process.stdout.write('the contract is what it was\n')
else if (!mayBeWritten(now, promised, mark)) {
  process.stderr.write(
    `changed: ${changed.join(', ')}. Say in CHANGELOG.md, under its first heading, what scripts will meet\n`,
  )
  process.exitCode = 1
} else {
  mkdirSync(dirname(snapshotFile(root, 'flags')), { recursive: true })
  for (const part of parts) writeFileSync(snapshotFile(root, part), now[part])
  writeFileSync(snapshotFile(root, 'changelog'), `${mark}\n`)
  process.stdout.write(`written anew: ${changed.join(', ')}\n`)
}
