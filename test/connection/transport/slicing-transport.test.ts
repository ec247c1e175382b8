import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SlicingTransport } from '../../../src/connection/transport/slicing-transport.ts'
import { FakeTransport } from '../../support/connection/fake-transport.ts'

const megabyte = 1024 * 1024
const large = Buffer.alloc(2.5 * megabyte, 'x')

describe('a write of 2.5 MB', () => {
  test('goes out in slices, each when the kernel has the one before, and is written once', () => {
    const { sliced, inner, said } = slicing()

    const isTaken = sliced.write(large, () => said.push('written'))
    const afterOne = inner.writes.length
    inner.take()
    inner.take()
    const before = [...said]
    inner.take()

    assert.deepEqual([isTaken, afterOne, before], [false, 1, []])
    assert.deepEqual(
      inner.writes.map(({ length }) => length / megabyte),
      [1, 1, 0.5],
    )
    assert.deepEqual(said, ['written', 'drain'])
  })

  test('is overtaken by nothing', () => {
    const { sliced, inner } = slicing()

    sliced.write(large)
    sliced.write(Buffer.from('c000', 'hex'))
    for (let count = 0; count < 4; count++) inner.take()

    assert.equal(inner.writes.at(-1)?.toString('hex'), 'c000')
  })

  test('is whole before the end', () => {
    const { sliced, inner } = slicing()

    sliced.write(large)
    sliced.end()
    const early = inner.ended
    for (let count = 0; count < 3; count++) inner.take()

    assert.deepEqual([early, inner.ended], [false, true])
  })

  test('is followed by nothing that comes after the end', async () => {
    const { sliced, inner } = slicing()

    sliced.write(large)
    sliced.end()
    const refused = await new Promise((resolve) => sliced.write(Buffer.from('c000', 'hex'), resolve))
    for (let count = 0; count < 3; count++) inner.take()

    assert.ok(refused instanceof Error)
    assert.equal(inner.writes.length, 3)
  })

  test('tells who waits for it of an error, once', () => {
    const { sliced, inner, said } = slicing()

    sliced.write(large, (error) => said.push(String(error)))
    inner.take(new Error('gone'))

    assert.deepEqual(said, ['Error: gone'])
    assert.equal(inner.writes.length, 1)
  })
})

/** Takes each write when it is told to. */
class PatientTransport extends FakeTransport {
  override readonly writes: Buffer[] = []
  readonly #written: ((error?: Error) => void)[] = []
  ended = false

  override write(bytes: Buffer, written: (error?: Error) => void = () => {}): boolean {
    this.writes.push(bytes)
    this.#written.push(written)
    return false
  }

  override end(): void {
    this.ended = true
  }

  take(error?: Error): void {
    this.#written.shift()?.(error)
  }
}

function slicing() {
  const said: string[] = []
  const inner = new PatientTransport()
  const sliced = new SlicingTransport(inner)
  sliced.onDrain = () => said.push('drain')
  return { sliced, inner, said }
}
