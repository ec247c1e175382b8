import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { statementIds } from '../../src/protocol/statements.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const citation = /MQTT-\d+(?:\.\d+)*-\d+/g // ids of 3.1.1 read MQTT-3.1.1:4.8.0-1 and do not match

/** Anything in brackets that names a standard, and the only forms it may have: a statement's id, or a section of a standard. */
const bracketed = /\[MQTT[^\]\n\\$]*\d[^\]\n\\$]*\]/g // patterns and templates aside
const citationForm = /^\[MQTT(-(3\.1\.1:)?\d+(\.\d+)*-\d+|(5|3\.1\.1|3\.1) §\d+(\.\d+)*)\]$/

function citationsIn(folder: string, pattern: RegExp): { file: string; id: string }[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name)
      const ids = readFileSync(path, 'utf8').match(pattern) ?? []
      return ids.map((id) => ({ file: relative(root, path), id }))
    })
}

test('the standard has 251 statements', () => {
  assert.equal(statementIds.size, 251)
})

test('knows the ids at the edges of its list, and none beside them', () => {
  for (const id of ['MQTT-1.5.4-1', 'MQTT-2.2.1-2', 'MQTT-3.1.2-30', 'MQTT-4.2-1', 'MQTT-6.0.0-4']) {
    assert.equal(statementIds.has(id), true, id)
  }
  const nonsense = ['2.2.1-1', '3.1.2-31', '6.0.0-5'].map((id) => `MQTT-${id}`)
  for (const id of nonsense) assert.equal(statementIds.has(id), false, id)
})

test('every MQTT 5 statement that the code or a test cites exists', () => {
  const cited = ['src', 'commands', 'test'].flatMap((folder) => citationsIn(folder, citation))

  const unknown = cited.filter(({ id }) => !statementIds.has(id))

  assert.ok(cited.length > 20)
  assert.deepEqual(unknown, [])
})

test('every citation has one form: [MQTT-3.1.0-1], [MQTT-3.1.1:3.1.0-1], [MQTT5 §3.1], [MQTT3.1.1 §3.1]', () => {
  const cited = ['src', 'commands', 'test'].flatMap((folder) => citationsIn(folder, bracketed))

  const misshapen = cited.filter(({ id }) => !citationForm.test(id))

  assert.ok(cited.some(({ id }) => id === '[MQTT3.1.1 §3.2]'))
  assert.deepEqual(misshapen, [])
})
