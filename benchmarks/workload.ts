import { createWriteStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { lineOf, topic } from './processes/packet-chunks.js'

const linesPerPiece = 10_000

export { topic }

/** Files of numbered 60-byte lines, made when first asked for. */
export class Workload {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** What goes into `pub -l`, and what `sub` prints of it. */
  lines(count: number): Promise<string> {
    return this.#file(`lines-${count}.txt`, count, '')
  }

  /** What `sub -v` prints. */
  linesWithTopic(count: number): Promise<string> {
    return this.#file(`topic-lines-${count}.txt`, count, `${topic} `)
  }

  async #file(name: string, count: number, prefix: string): Promise<string> {
    const file = join(this.folder, name)
    const isThere = await access(file).then(
      () => true,
      () => false,
    )
    if (!isThere) await pipeline(Readable.from(pieces(count, prefix)), createWriteStream(file))
    return file
  }
}

function* pieces(count: number, prefix: string): Generator<string> {
  for (let first = 1; first <= count; first += linesPerPiece) {
    let piece = ''
    const last = Math.min(count, first + linesPerPiece - 1)
    for (let number = first; number <= last; number++) piece += `${prefix}${lineOf(number)}\n`
    yield piece
  }
}
