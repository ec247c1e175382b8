import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { prepareResultFolder, ResultWriter } from '../../../../src/features/bench/history/result-writer.ts'
import { temporaryFolder } from '../../../support/program/temp-folder.ts'

const folder = temporaryFolder()
const run = (runId: string) => ({ startedAt: '2026-01-02T03:04:05.678Z', runId })

function linesIn(path: string): readonly unknown[] {
  const text = readFileSync(path, 'utf8')
  assert.ok(text.endsWith('\n'), text)
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const isRoot = process.getuid?.() === 0
const noDisk = isRoot ? undefined : 'only root can mount a small disk'

/** A disk of its own, as large as it says. */
function smallDisk(t: TestContext, name: string, size: string): string {
  const place = join(folder, name)
  mkdirSync(place)
  const { stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place], { encoding: 'utf8' })
  assert.equal(stderr, '')
  t.after(() => spawnSync('umount', [place]))
  return place
}

describe('a folder of results', () => {
  test('has a file for each writer, with a line for each of its results', async () => {
    const place = join(folder, 'made', 'for it')
    await prepareResultFolder(place)
    const writer = new ResultWriter(place, 'a')

    await writer.append(run('00000001'), run('00000001'))
    await writer.append(run('00000002'), run('00000002'))

    assert.deepEqual(readdirSync(place), ['2026-01-02T03-04-05-678Z-00000001-a.ndjson'])
    assert.deepEqual(linesIn(writer.path ?? ''), [run('00000001'), run('00000002')])
  })

  test('two writers at the same time, of the same run even, do not write into one file', async () => {
    const place = join(folder, 'two')
    await prepareResultFolder(place)
    const writers = [new ResultWriter(place), new ResultWriter(place)]

    await Promise.all(
      Array.from({ length: 20 }, (_, index) => index).map(async () => {
        const writer = new ResultWriter(place)
        await writer.append(run('00000003'), run('00000003'))
      }),
    )
    await Promise.all(writers.map((writer) => writer.append(run('00000003'), run('00000003'))))

    const files = readdirSync(place)
    assert.equal(files.length, 22)
    assert.deepEqual(
      files.flatMap((file) => linesIn(join(place, file))),
      files.map(() => run('00000003')),
    )
  })

  test('a full disk: an error, and the lines before it stay whole', { skip: noDisk }, async (t) => {
    const place = smallDisk(t, 'small', '64k')
    const writer = new ResultWriter(place)
    await writer.append(run('00000004'), run('00000004'))

    await assert.rejects(writer.append({ ...run('00000005'), text: 'x'.repeat(200_000) }, run('00000005')), {
      code: 'ENOSPC',
    })

    assert.deepEqual(linesIn(writer.path ?? ''), [run('00000004')])
    await writer.append(run('00000006'), run('00000006'))
    assert.deepEqual(
      linesIn(writer.path ?? ''),
      [run('00000004'), run('00000006')],
      'and it goes on when there is room',
    )
  })

  test('a full disk at the first result: no file that is half', { skip: noDisk }, async (t) => {
    const place = smallDisk(t, 'smaller', '16k')

    await assert.rejects(
      new ResultWriter(place).append({ ...run('00000007'), text: 'x'.repeat(200_000) }, run('00000007')),
    )

    assert.deepEqual(readdirSync(place), [])
  })

  test('that cannot be made is told', async () => {
    await assert.rejects(prepareResultFolder('/proc/results'), /ENOENT|EACCES|EPERM/)
    assert.equal(existsSync('/proc/results'), false)
  })
})
