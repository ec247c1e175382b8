import type { LinkEnd } from './link-end.ts'

/** So far nobody said why this ends. */
const noWord: LinkEnd = {}

/** How one network connection comes to its end, and who learns of it: the first word that was said of it counts. */
export class LinkEnding {
  /** It was wished, or said why: what comes from now on changes nothing. */
  hasBegun = false
  #word = noWord
  #end: LinkEnd | undefined
  #ended: Promise<LinkEnd> | undefined
  #settle: ((end: LinkEnd) => void) | undefined

  /** How it ended, once it has. */
  get end(): LinkEnd | undefined {
    return this.#end
  }

  /** A promise only where somebody waits for one: ten thousand of them would be counted as the cost of their connections. */
  get ended(): Promise<LinkEnd> {
    this.#ended ??= new Promise((resolve) => {
      if (this.#end === undefined) this.#settle = resolve
      else resolve(this.#end)
    })
    return this.#ended
  }

  /** Why it is about to end. */
  because(word: LinkEnd): void {
    this.#word = { ...word, ...this.#word }
  }

  /** The end, when the network connection is gone: what was said of it, or, where nobody had said or wished anything, `otherwise`. */
  complete(otherwise: () => LinkEnd): LinkEnd {
    this.#end = this.hasBegun || this.#word.error !== undefined ? this.#word : otherwise()
    return this.#end
  }

  tell(end: LinkEnd): void {
    this.#settle?.(end)
  }
}
