/** Long enough for a machine that is busy with other things, short enough to wait for. */
const PATIENCE_MS = 15_000

/** What a test waits for must come; when it does not, the test says what it was, and does not hang. */
export async function withPatience<T>(awaited: Promise<T>, what: string | (() => string)): Promise<T> {
  let limit: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`waited in vain for ${typeof what === 'string' ? what : what()}`))
    limit = setTimeout(fail, PATIENCE_MS)
  })
  return Promise.race([awaited, tooLate]).finally(() => clearTimeout(limit))
}

/** Something that changes, and tests that wait until a condition on it holds. */
export class Changing {
  #waiting: (() => void)[] = []

  changed(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const check of waiting) check()
  }

  /** Calls back once, at the next change, however long that takes. */
  onNext(check: () => void): void {
    this.#waiting.push(check)
  }

  /** The first value of `look` that is not undefined, now or after some change. */
  when<T>(look: () => T | undefined, what: string | (() => string)): Promise<T> {
    const awaited = new Promise<T>((resolve) => {
      const check = () => {
        const found = look()
        if (found === undefined) this.#waiting.push(check)
        else resolve(found)
      }
      check()
    })
    return withPatience(awaited, what)
  }
}
