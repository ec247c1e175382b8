import assert from 'node:assert/strict'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { describe, test } from 'node:test'
import { OutputClosed, type OutputEnd, type OutputStream, Terminal } from '../../src/command/terminal.ts'
import { MqttCliError } from '../../src/errors.ts'

/** A stream that keeps what it gets, or fails with this code. */
function stream(traits: Partial<OutputStream> = {}, failure?: string) {
  const chunks: string[] = []
  const writable = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      const error = failure === undefined ? null : Object.assign(new Error(failure), { code: failure })
      setImmediate(done, error) // as a pipe does: not before write() has returned
    },
  })
  return { stream: Object.assign(writable, traits) as OutputStream, chunks }
}

function terminal(stdout: OutputStream, environment: Record<string, string> = {}, noColor = false) {
  return new Terminal({ stdout, stderr: stream().stream, environment, noColor })
}

const ended = (of: Terminal) => new Promise<OutputEnd>((resolve) => of.onEnd(resolve))

describe('stdout', () => {
  test('gets bytes in order and says when they are out', async () => {
    const { stream: stdout, chunks } = stream()
    const written = terminal(stdout)

    await new Promise<void>((done) => {
      written.writeOut('a')
      written.writeOut(Buffer.from('b'), (error) => done(assert.equal(error, undefined)))
    })

    assert.deepEqual(chunks, ['a', 'b'])
  })

  test('asks for a pause when its buffer is full, and tells when it has drained', async () => {
    const { stream: stdout } = stream()
    const written = terminal(stdout)

    const goOn = written.writeOut(Buffer.alloc(100_000))

    assert.equal(goOn, false)
    await new Promise<void>((resolve) => written.onceDrained(resolve))
    assert.equal(written.pendingBytes, 0)
  })

  for (const code of ['EPIPE', 'ECONNRESET']) {
    test(`fault 28: is closed by ${code}, and says so once to everybody`, async () => {
      const written = terminal(stream({}, code).stream)
      const told: OutputEnd[] = []
      written.onEnd((end) => told.push(end))

      const error = await new Promise<OutputEnd | undefined>((done) => written.writeOut('a', done))
      const later = await new Promise<OutputEnd | undefined>((done) => written.writeOut('b', done))

      assert.ok(error instanceof OutputClosed)
      assert.equal(later, error)
      assert.deepEqual(told, [error])
      assert.equal(await ended(written), error)
    })
  }

  test('fault 29: fails with a full disk', async () => {
    const written = terminal(stream({}, 'ENOSPC').stream)
    written.writeOut('a')

    const end = await ended(written)

    assert.ok(end instanceof MqttCliError)
    assert.equal(end.kind, 'local-io')
    assert.equal(end.details.facts?.code, 'ENOSPC')
  })

  test('fault 29: an acknowledgement that waits for bytes never hears that they are out', {
    skip: noDevFull(),
  }, async () => {
    const fd = openSync('/dev/full', 'w')
    const written = terminal(stream({ _type: 'fs', fd }).stream)

    const error = await new Promise<OutputEnd | undefined>((done) => written.writeOut('a', done))

    closeSync(fd)
    assert.ok(error instanceof MqttCliError)
    assert.equal(error.kind, 'local-io')
  })

  test('as a file gets every byte, and says so later, not at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mqtt-cli-'))
    const fd = openSync(join(folder, 'out'), 'w')
    const written = terminal(stream({ _type: 'fs', fd }).stream)
    let returned = false

    await new Promise<void>((done) => {
      written.writeOut('ä')
      written.writeOut(Buffer.from([0, 0xff]), () => done(assert.ok(returned)))
      returned = true
    })

    closeSync(fd)
    assert.deepEqual(readFileSync(join(folder, 'out')), Buffer.from([0xc3, 0xa4, 0, 0xff]))
    rmSync(folder, { recursive: true })
  })
})

function noDevFull(): string | false {
  return existsSync('/dev/full') ? false : '/dev/full is missing'
}

describe('colour', () => {
  const cases: ReadonlyArray<
    readonly [tty: boolean, environment: Record<string, string>, noColor: boolean, color: boolean]
  > = [
    [true, {}, false, true],
    [false, {}, false, false],
    [true, { NO_COLOR: '1' }, false, false],
    [true, { NO_COLOR: '' }, false, true],
    [true, { TERM: 'dumb' }, false, false],
    [true, {}, true, false],
    [false, { FORCE_COLOR: '1' }, false, true],
    [true, { FORCE_COLOR: '0' }, false, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false, false],
    [false, { FORCE_COLOR: '1' }, true, false],
  ]
  for (const [isTTY, environment, noColor, color] of cases) {
    test(`${color ? 'on' : 'off'}: ${isTTY ? 'terminal' : 'pipe'} ${JSON.stringify(environment)} ${noColor ? '--no-color' : ''}`, () => {
      assert.equal(terminal(stream({ isTTY }).stream, environment, noColor).color, color)
    })
  }
})

for (const [columns, width] of [
  [undefined, 80],
  [0, 80],
  [40, 40],
] as const) {
  test(`a terminal of ${columns} columns is written for ${width}`, () => {
    const one = stream(columns === undefined ? {} : { columns }).stream
    const written = new Terminal({ stdout: one, stderr: one, environment: {}, noColor: false })

    assert.deepEqual([written.width, written.errorWidth], [width, width])
  })
}

test('stderr gets lines, and its own failure is nobody’s', async () => {
  const { stream: stderr, chunks } = stream({}, 'EPIPE')
  const written = new Terminal({ stdout: stream().stream, stderr, environment: {}, noColor: false })

  written.writeError('one')
  await new Promise(setImmediate)

  assert.deepEqual(chunks, ['one\n'])
})
