import type { Terminal } from '../terminal.ts'

/** Gathers text for stdout and writes it at the end of each turn, so that a burst of packets is one write. */
export class TextOutput {
  readonly #terminal: Terminal
  #text: string[] = []
  #isScheduled = false

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  write(text: string): void {
    if (text === '') return
    this.#text.push(text)
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => this.flush())
  }

  /** `written` is called when everything up to here is out; never when it cannot be. */
  flush(written?: () => void): void {
    this.#isScheduled = false
    const text = this.#text.join('')
    this.#text = []
    if (text === '' && written === undefined) return
    this.#terminal.writeOut(text, (failed) => {
      if (failed === undefined) written?.()
    })
  }

  /** Resolves when everything is out, or stdout has ended. */
  written(): Promise<void> {
    return new Promise((resolve) => {
      this.#terminal.onEnd(() => resolve())
      this.flush(resolve)
    })
  }
}
