import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { linted } from '../support/program/actionlint.ts'
import { temporaryFolder } from '../support/program/temp-folder.ts'

const root = join(import.meta.dirname, '..', '..')
const path = join(root, 'deploy', 'github-actions', 'bench-shards.yml')
const text = readFileSync(path, 'utf8')
const { jobs } = parse(text)

describe('the workflow of several machines for GitHub Actions', () => {
  test('is one without a fault, by actionlint', () => {
    const { status, said } = linted(path)

    assert.equal(status, 0, said)
    assert.match(said, /1 workflow file/)
  })

  test('would be found faulty by actionlint if it were', () => {
    const broken = join(temporaryFolder(), 'broken.yml')
    writeFileSync(broken, text.replace('runs-on', 'run-on'))

    assert.equal(linted(broken).status, 1)
  })

  test('numbers its shards from 1 to as many as there are', () => {
    const { matrix } = jobs.shard.strategy

    assert.deepEqual(
      matrix.shard,
      matrix.shard.map((_: unknown, index: number) => index + 1),
    )
  })

  test('goes on when a shard fails, and merges what there is', () => {
    assert.equal(jobs.shard.strategy['fail-fast'], false)
    assert.equal(jobs.merge.needs, 'shard')
    assert.match(jobs.merge.if, /!cancelled\(\)/)
  })

  test('installs what npm pack makes of this version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

    for (const { steps } of Object.values<{ steps: { run?: string }[] }>(jobs))
      assert.ok(steps.some(({ run }) => run?.includes(`./mqtt-cli-${version}.tgz`)))
  })
})
