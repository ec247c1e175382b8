import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { writeFinishedFile } from '../../../src/command/output/finished-file.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const folder = temporaryFolder()
let count = 0

/** A folder of its own for each test: what lies in it afterwards is part of the answer. */
function own(): string {
  const path = join(folder, `${++count}`)
  mkdirSync(path)
  return path
}

describe('a finished file', () => {
  test('is written whole, and leaves nothing beside it', async () => {
    const place = own()

    await writeFinishedFile(join(place, 'report'), 'new')

    assert.equal(readFileSync(join(place, 'report'), 'utf8'), 'new')
    assert.deepEqual(readdirSync(place), ['report'])
  })

  test('takes the place of the one before, with its mode, and who has that open reads on in it', async () => {
    const path = join(own(), 'report')
    writeFileSync(path, 'old')
    chmodSync(path, 0o640)
    const before = statSync(path).ino

    await writeFinishedFile(path, 'new')

    const { ino, mode } = statSync(path)
    assert.notEqual(ino, before)
    assert.deepEqual([mode & 0o777, readFileSync(path, 'utf8')], [0o640, 'new'])
  })

  test('follows a link, also one that leads to nothing yet', async () => {
    const place = own()
    symlinkSync('target', join(place, 'link'))

    await writeFinishedFile(join(place, 'link'), 'one')
    await writeFinishedFile(join(place, 'link'), 'two')

    assert.ok(lstatSync(join(place, 'link')).isSymbolicLink())
    assert.equal(readFileSync(join(place, 'target'), 'utf8'), 'two')
  })

  test('keeps the other names of a file', async () => {
    const place = own()
    writeFileSync(join(place, 'a'), 'old')
    linkSync(join(place, 'a'), join(place, 'b'))

    await writeFinishedFile(join(place, 'a'), 'new')

    assert.equal(readFileSync(join(place, 'b'), 'utf8'), 'new')
  })

  test('goes into a FIFO that somebody reads, and the FIFO stays one', async () => {
    const path = join(own(), 'fifo')
    execFileSync('mkfifo', [path])
    const reading = readFile(path, 'utf8')

    await writeFinishedFile(path, 'new')

    assert.equal(await reading, 'new')
    assert.ok(lstatSync(path).isFIFO())
  })

  test('that cannot be written leaves the one before as it was, and nothing beside it', async () => {
    const place = own()
    mkdirSync(join(place, 'report'))

    await assert.rejects(writeFinishedFile(join(place, 'report'), 'new'))

    assert.deepEqual(readdirSync(place), ['report'])
    assert.ok(!existsSync(join(place, 'report', 'new')))
  })
})
