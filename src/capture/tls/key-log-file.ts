import { readFileSync, statSync } from 'node:fs'
import { readKeyLog, type TlsSecrets } from './key-log.ts'

/** A key log that may still be written: it is read again when a connection is not in it and it has grown. */
export class KeyLogFile {
  readonly #path: string
  #known: ReadonlyMap<string, TlsSecrets>
  #bytes: number

  /** Throws what `fs` throws. */
  constructor(path: string) {
    this.#path = path
    const text = readFileSync(path, 'latin1')
    this.#bytes = text.length
    this.#known = readKeyLog(text)
  }

  find(clientRandom: string): TlsSecrets | undefined {
    const secrets = this.#known.get(clientRandom)
    if (secrets !== undefined || !this.#hasGrown()) return secrets
    const text = readFileSync(this.#path, 'latin1')
    this.#bytes = text.length
    this.#known = readKeyLog(text)
    return this.#known.get(clientRandom)
  }

  /** A log that is gone for a moment has not grown. */
  #hasGrown(): boolean {
    return (statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) > this.#bytes
  }
}
