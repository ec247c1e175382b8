import type { Readable } from 'node:stream'
import { Changing } from './patience.ts'

/** What a program has written so far, line by line. */
export class OutputLines {
  readonly all: string[] = []
  readonly #changing = new Changing()
  #rest = ''

  constructor(stream: Readable) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n')
      this.#rest = lines.pop() ?? ''
      this.all.push(...lines)
      this.#changing.changed()
    })
  }

  when(line: string): Promise<true> {
    return this.whenSome((each) => each === line, line)
  }

  whenSome(isWanted: (line: string) => boolean, what: string): Promise<true> {
    return this.#changing.when(
      () => this.all.some(isWanted) || undefined,
      () => `the line ${what}; came last: ${this.all.slice(-5).join(' | ')}`,
    )
  }
}
