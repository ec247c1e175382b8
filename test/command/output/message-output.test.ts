import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { MessageOutput } from '../../../src/command/output/message-output.ts'
import { Terminal } from '../../../src/command/terminal.ts'
import { publishView } from '../../support/messages/publish-view.ts'

test('says that a batch is written when all of it is, also what went out before its end', async () => {
  const reader = new HeldReader()
  const output = outputTo(reader)
  const told: string[] = []

  for (let count = 0; count < 20; count += 1)
    output.show(publishView({ topic: 'a', payload: Buffer.alloc(10_000, 'x') }))
  output.flush(() => told.push('written'))
  const writesUnderWay = reader.writableLength
  const toldWhileHeld = [...told]
  await reader.takeAll()

  assert.ok(writesUnderWay > 0)
  assert.deepEqual(toldWhileHeld, [])
  assert.deepEqual(told, ['written'])
  assert.equal(reader.received, 20 * 10_001)
})

test('a batch that prints nothing waits for what was written before it', async () => {
  const reader = new HeldReader()
  const output = outputTo(reader)
  const told: string[] = []

  output.show(publishView({ topic: 'a', payload: Buffer.from('x') }))
  output.flush(() => told.push('first'))
  output.flush(() => told.push('second'))
  const toldWhileHeld = [...told]
  await reader.takeAll()

  assert.deepEqual(toldWhileHeld, [])
  assert.deepEqual(told, ['first', 'second'])
})

/** Takes nothing until it is told to. */
class HeldReader extends Writable {
  received = 0
  readonly #held: Array<() => void> = []
  #isOpen = false

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.received += bytes.length
    if (this.#isOpen) done()
    else this.#held.push(done)
  }

  takeAll(): Promise<void> {
    this.#isOpen = true
    for (const done of this.#held) done()
    return new Promise((resolve) => this.write('', () => resolve()))
  }
}

function outputTo(stdout: Writable): MessageOutput {
  const terminal = new Terminal({ stdout, stderr: new HeldReader(), environment: {}, noColor: true })
  return new MessageOutput({ mode: 'plain', verbose: false, endOfLine: true, raw: false }, terminal, () => {})
}
