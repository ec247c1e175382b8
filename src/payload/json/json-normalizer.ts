import type { ByteSink } from '../byte-sink.ts'
import { jsonNumber } from './json-number.ts'
import { appendJsonString } from './json-string.ts'
import { unescapeString } from './json-unescape.ts'

/**
 * Reads a payload as JSON and appends it written anew, without blanks: what `%J` of mosquitto_sub does by way of its
 * JSON library. JSON.parse would not do: it forgets repeated keys and the order of `"2"` and `"1"`. False, with
 * something half-written behind, when it is not JSON. That library's leniency is kept: controls count as blanks and
 * may stand in strings, and `01` and `1.` are numbers.
 */
export function appendNormalizedJson(bytes: Buffer, start: number, end: number, out: ByteSink): boolean {
  const normalizer = new JsonNormalizer(bytes, start, end, out)
  return normalizer.document()
}

const deepestNesting = 1000

class JsonNormalizer {
  readonly #bytes: Buffer
  readonly #end: number
  readonly #out: ByteSink
  #at: number
  #depth = 0

  constructor(bytes: Buffer, start: number, end: number, out: ByteSink) {
    this.#bytes = bytes
    this.#end = end
    this.#out = out
    const hasByteOrderMark = bytes.toString('hex', start, Math.min(end, start + 3)) === 'efbbbf'
    this.#at = hasByteOrderMark ? start + 3 : start
  }

  document(): boolean {
    // A C string ends at a NUL, and then it is not the whole payload.
    if (this.#bytes.subarray(this.#at, this.#end).includes(0)) return false
    this.#skipBlanks()
    if (!this.#value()) return false
    this.#skipBlanks()
    return this.#at === this.#end
  }

  #value(): boolean {
    switch (this.#peek()) {
      case '"':
        return this.#string()
      case '[':
        return this.#list('[', ']', () => this.#value())
      case '{':
        return this.#list('{', '}', () => this.#member())
      default:
        return this.#literal() || this.#number()
    }
  }

  #list(open: string, close: string, item: () => boolean): boolean {
    if (this.#depth === deepestNesting) return false
    this.#depth += 1
    this.#take(open)
    this.#out.appendText(open)
    this.#skipBlanks()
    if (this.#peek() !== close && !this.#items(item)) return false
    if (!this.#take(close)) return false
    this.#out.appendText(close)
    this.#depth -= 1
    return true
  }

  #items(item: () => boolean): boolean {
    for (let first = true; first || this.#take(','); first = false) {
      if (!first) this.#out.appendText(',')
      this.#skipBlanks()
      if (!item()) return false
      this.#skipBlanks()
    }
    return true
  }

  #member(): boolean {
    if (!this.#string()) return false
    this.#skipBlanks()
    if (!this.#take(':')) return false
    this.#out.appendText(':')
    this.#skipBlanks()
    return this.#value()
  }

  #literal(): boolean {
    const word = /^(?:null|true|false)/.exec(this.#bytes.toString('latin1', this.#at, this.#at + 5))?.[0]
    if (word === undefined || this.#at + word.length > this.#end) return false
    this.#at += word.length
    this.#out.appendText(word)
    return true
  }

  #number(): boolean {
    let stop = this.#at
    while (stop < this.#end && /[0-9+\-.eE]/.test(String.fromCharCode(this.#bytes[stop]!))) stop += 1
    const text = this.#bytes.toString('latin1', this.#at, stop)
    const found = /^-?(?=\d|(?<=-)\.\d)\d*\.?\d*(?:[eE][+-]?\d+)?/.exec(text)?.[0]
    if (found === undefined) return false
    this.#at += found.length
    this.#out.appendText(jsonNumber(Number(found)))
    return true
  }

  #string(): boolean {
    if (!this.#take('"')) return false
    const start = this.#at
    while (this.#at < this.#end && this.#peek() !== '"') this.#at += this.#peek() === '\\' ? 2 : 1
    const stop = this.#at
    if (!this.#take('"')) return false
    const unescaped = unescapeString(this.#bytes.toString('latin1', start, stop))
    if (unescaped === undefined) return false
    appendJsonString(unescaped, 0, unescaped.length, this.#out)
    return true
  }

  #peek(): string {
    return this.#at < this.#end ? String.fromCharCode(this.#bytes[this.#at]!) : ''
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false
    this.#at += 1
    return true
  }

  #skipBlanks(): void {
    while (this.#at < this.#end && this.#bytes[this.#at]! <= 0x20) this.#at += 1
  }
}
