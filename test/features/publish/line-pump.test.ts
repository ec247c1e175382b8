import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { LinePump } from '../../../src/features/publish/line-pump.ts'

/** A taker that says `wait` while it is full, and keeps what it took. */
function taker(room: number) {
  const taken: string[] = []
  const state = { room }
  const take = (bytes: Buffer, start: number, end: number) => {
    if (state.room === 0) return 'wait' as const
    state.room--
    taken.push(bytes.toString('utf8', start, end))
    return 'taken' as const
  }
  return { taken, take, state }
}

/** A stream that never ends by itself. */
function openStream(): Readable {
  return new Readable({ read() {} })
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

async function linesOf(chunks: readonly string[], room = Number.POSITIVE_INFINITY): Promise<string[]> {
  const { taken, take } = taker(room)
  const pump = new LinePump(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), take, () => {})
  await pump.finished
  return taken
}

const cases: readonly [name: string, chunks: readonly string[], lines: readonly string[]][] = [
  ['each line a message', ['a\nbb\nccc\n'], ['a', 'bb', 'ccc']],
  ['a last line without newline', ['a\nb'], ['a', 'b']],
  ['an empty line an empty message', ['\n\na\n'], ['', '', 'a']],
  ['nothing of nothing', [], []],
  ['a line over many chunks', ['a', 'b', 'c\nd', '\n'], ['abc', 'd']],
  ['a newline alone in its chunk', ['a', '\n', 'b', '\n'], ['a', 'b']],
  ['a carriage return as part of the line', ['a\r\nb\r\n'], ['a\r', 'b\r']],
]

for (const [name, chunks, lines] of cases) {
  test(`makes ${name}`, async () => {
    assert.deepEqual(await linesOf(chunks), lines)
  })
}

test('cuts the same lines wherever the chunks are cut', async () => {
  const text = 'one\n\ntwo three\nfour'
  for (let at = 0; at <= text.length; at++) {
    const chunks = [text.slice(0, at), text.slice(at)].filter((chunk) => chunk !== '')
    assert.deepEqual(await linesOf(chunks), ['one', '', 'two three', 'four'], `cut at ${at}`)
  }
})

test('offers the line that had to wait again, and none twice', async () => {
  const { taken, take, state } = taker(2)
  const pump = new LinePump(Readable.from([Buffer.from('1\n2\n3\n4\n')]), take, () => {})
  await settled()
  const before = [...taken]

  state.room = 10
  pump.resume()
  await pump.finished

  assert.deepEqual(before, ['1', '2'])
  assert.deepEqual(taken, ['1', '2', '3', '4'])
})

test('finishes when the input ended while a chunk still waited', async () => {
  const { taken, take, state } = taker(0)
  const input = openStream()
  const pump = new LinePump(input, take, () => {})
  input.push('be')
  await settled()
  input.push('ginning\n2\nlast')
  await settled()
  input.emit('end') // a file ends right behind its last chunk, paused or not

  state.room = 10
  pump.resume()
  await pump.finished

  assert.deepEqual(taken, ['beginning', '2', 'last'])
})

test('reads no further than what was taken', async () => {
  const { take } = taker(1)
  const input = openStream()
  new LinePump(input, take, () => {})
  input.push('1\n2\n')
  await settled()

  assert.equal(input.isPaused(), true)
})

test('tells that the input cannot be read', async () => {
  const input = openStream()
  const pump = new LinePump(input, taker(1).take, () => {})
  input.destroy(new Error('EIO'))

  await assert.rejects(pump.finished, { kind: 'local-io' })
})

test('lets go of its input when it is stopped', async () => {
  const { taken, take } = taker(1)
  const input = openStream()
  const pump = new LinePump(input, take, () => {})
  input.push('1\n2\n')
  await settled()

  pump.stop()
  pump.resume()

  assert.equal(input.destroyed, true)
  assert.deepEqual(taken, ['1'])
})
