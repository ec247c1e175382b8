import type { Readable } from 'node:stream'
import type { Publishing } from '../../connection/publish/publisher.ts'
import { MqttCliError } from '../../errors.ts'

const newline = 10
/** Remaining length is at most 268,435,455 bytes: no line beyond it can be a message. */
const longestLineBytes = 268_435_455

/** Where lines go; `wait` stops the pump until `resume`. */
type TakeLine = (bytes: Buffer, start: number, end: number, line: number) => Publishing

/**
 * Cuts a stream into lines and offers each as a message: an empty line is an empty message, and a last line without
 * newline counts. Reads no further than what was taken, so a slow broker slows the writer of our input.
 */
export class LinePump {
  /** Resolved when every line was taken; rejected when the input cannot be read. */
  readonly finished: Promise<void>
  lines = 0
  readonly #input: Readable
  readonly #take: TakeLine
  /** After a run of lines. */
  readonly #flush: () => void
  #chunk: Buffer | undefined
  #position = 0
  /** The beginning of a line whose end has not come yet. */
  #tail: Buffer[] = []
  #tailBytes = 0
  #hasEnded = false
  #finish: () => void = () => {}
  #fail: (error: unknown) => void = () => {}

  constructor(input: Readable, take: TakeLine, flush: () => void) {
    this.#input = input
    this.#take = take
    this.#flush = flush
    this.finished = new Promise((resolve, reject) => {
      this.#finish = resolve
      this.#fail = reject
    })
    this.finished.catch(() => {})
    input.on('data', (chunk: Buffer) => this.#began(chunk))
    input.on('end', () => this.#ended())
    input.on('error', (error) => this.#fail(unreadable(error)))
  }

  /** There is room again. */
  resume(): void {
    if (this.#chunk !== undefined) this.#run()
    else this.#readOn()
    this.#flush()
  }

  /** Reads no more, and lets go of the input: a writer that stays would keep this process alive. */
  stop(): void {
    this.#chunk = undefined
    this.#input.destroy()
  }

  #began(chunk: Buffer): void {
    this.#chunk = chunk
    this.#position = 0
    this.#run()
    this.#flush()
    if (this.#chunk !== undefined) this.#input.pause()
  }

  /** Takes whole lines out of the chunk until it is used up or somebody says wait. */
  #run(): void {
    const chunk = this.#chunk as Buffer
    for (let end = chunk.indexOf(newline, this.#position); end !== -1; end = chunk.indexOf(newline, this.#position)) {
      if (!this.#takeLine(chunk, this.#position, end)) return
      this.#position = end + 1
    }
    this.#keepTail(chunk)
    this.#chunk = undefined
    this.#readOn()
  }

  /** The chunk is used up: the next one, or the last line when there is none. */
  #readOn(): void {
    if (this.#hasEnded) this.#takeLast()
    else this.#input.resume()
  }

  #takeLine(chunk: Buffer, start: number, end: number): boolean {
    if (this.#tail.length > 0) return this.#takeJoined(Buffer.concat([...this.#tail, chunk.subarray(start, end)]))
    if (this.#take(chunk, start, end, this.lines + 1) === 'wait') return false
    this.lines++
    return true
  }

  #takeJoined(line: Buffer): boolean {
    if (this.#take(line, 0, line.length, this.lines + 1) === 'wait') return false
    this.lines++
    this.#tail = []
    this.#tailBytes = 0
    return true
  }

  #keepTail(chunk: Buffer): void {
    if (this.#position === chunk.length) return
    this.#tail.push(chunk.subarray(this.#position))
    this.#tailBytes += chunk.length - this.#position
    if (this.#tailBytes > longestLineBytes) this.#fail(tooLong(this.lines + 1))
  }

  /** A file ends right behind its last chunk, also while that chunk waits: then its lines come first. */
  #ended(): void {
    this.#hasEnded = true
    if (this.#chunk === undefined) this.#takeLast()
    this.#flush()
  }

  #takeLast(): void {
    if (this.#tail.length > 0 && !this.#takeJoined(Buffer.concat(this.#tail))) return
    this.#finish()
  }
}

function unreadable(cause: Error): MqttCliError {
  return new MqttCliError('local-io', `Cannot read standard input: ${cause.message}`, {
    layer: 'stdin',
    tries: ['check what is piped into this command'],
    cause,
  })
}

function tooLong(line: number): MqttCliError {
  return new MqttCliError('local-io', `Line ${line} is longer than any MQTT packet can be (268,435,455 bytes)`, {
    layer: 'stdin',
    tries: [{ try: 'input-as-one' }, 'check that the input has line ends'],
  })
}
