import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { changelogMark, contractOf, mayBeWritten, type Promised, parts, promisedIn } from './contract.ts'
import { scenarioSchemaPath, scenarioSchemaText } from './scenario-schema.ts'

const root = join(import.meta.dirname, '..', '..')

describe('what scripts rely on', async () => {
  const [now, promised] = [await contractOf(root), promisedIn(root)]

  for (const part of parts) {
    test(`${part} are as promised; after a change: a line in CHANGELOG.md, then npm run contract`, () => {
      assert.deepEqual(now[part].split('\n'), promised.contract[part].split('\n'))
    })
  }
})

test('the schema of scenarios has every flag; after a change: npm run contract', () => {
  assert.deepEqual(
    readFileSync(join(root, ...scenarioSchemaPath), 'utf8').split('\n'),
    scenarioSchemaText().split('\n'),
  )
})

describe('a changed contract', () => {
  const changelog = (...lines: readonly string[]) =>
    `# Changelog\n\n## 2.0.0\n\n${lines.join('\n')}\n\n## 1.0.0\n\n- The first.\n`
  const contract = { flags: '--json\n', 'json-fields': 'v\n', 'exit-codes': '0 done\n', help: '$ pub\n' }
  const promised: Promised = { contract, changelog: changelogMark(changelog('- An older change.')) ?? '' }
  const changed = { ...contract, flags: '--yaml\n' }
  const mayFollow = (text: string) => mayBeWritten(changed, promised, changelogMark(text))

  test('is written where the changelog has a line that it had not', () => {
    assert.ok(mayFollow(changelog('- An older change.', '- `--json` is `--yaml`.')))
  })

  test('is refused where the changelog says what it said', () => {
    assert.ok(!mayFollow(changelog('- An older change.')))
  })

  test('is refused where only the lines break elsewhere', () => {
    assert.ok(!mayFollow(changelog('- An older', '  change.')))
  })

  test('is refused under a heading that has no line yet', () => {
    assert.ok(!mayFollow(changelog()))
  })

  test('needs no line when it has not changed', () => {
    assert.ok(mayBeWritten(contract, promised, promised.changelog))
  })
})
