import type { Terminal } from '../terminal.ts'
import { TextOutput } from './text-output.ts'

/** A way to draw events. Text is whole lines with their ends, or '' for what it has no picture of. */
interface EventView<Event> {
  readonly heading: string
  draw(event: Event): string
}

/** What waits to be written, bytes, before the traffic has to wait too. */
const mostWaitingBytes = 1024 * 1024

/** Draws events on stdout, and says when its reader does not keep up. */
export class PacedOutput<Event> {
  readonly #terminal: Terminal
  readonly #text: TextOutput
  readonly #view: EventView<Event>
  #gatheredCharacters = 0
  #waiting: (() => void)[] = []

  constructor(terminal: Terminal, view: EventView<Event>) {
    this.#terminal = terminal
    this.#text = new TextOutput(terminal)
    this.#view = view
    this.#text.write(view.heading)
  }

  tell(event: Event): void {
    const text = this.#view.draw(event)
    this.#gatheredCharacters += text.length
    this.#text.write(text)
  }

  get isBehind(): boolean {
    if (this.#gatheredCharacters > mostWaitingBytes) this.#flush()
    return this.#terminal.pendingBytes > mostWaitingBytes
  }

  /** One listener for all: any number of connections may wait. */
  onceCaughtUp(resume: () => void): void {
    if (this.#waiting.length === 0) this.#terminal.onceDrained(() => this.#caughtUp())
    this.#waiting.push(resume)
  }

  async written(): Promise<void> {
    await this.#text.written()
  }

  #caughtUp(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }

  #flush(): void {
    this.#gatheredCharacters = 0
    this.#text.flush()
  }
}
