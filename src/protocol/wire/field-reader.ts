import { ByteCursor } from './byte-cursor.ts'
import type { DecodeContext } from './decode-context.ts'
import type { Field, Violation } from './violation.ts'

/** What `annotatePacket` wants to know besides the packet. */
interface Annotations {
  readonly fields: Field[]
  readonly violations: Violation[]
}

/**
 * A cursor that can also write down where each field was. The rules of a packet are thus written once, for the decoder
 * that stops at the first error and for `inspect`, which wants everything.
 */
export class FieldReader extends ByteCursor {
  readonly #fields: Field[] | undefined

  constructor(bytes: Buffer, start: number, end: number, context: DecodeContext, annotations?: Annotations) {
    super(bytes, start, end, context, annotations?.violations)
    this.#fields = annotations?.fields
  }

  /** Ask before making a field name: without annotations nobody reads it. */
  get isAnnotating(): boolean {
    return this.#fields !== undefined
  }

  /** Notes `name` from `start` to where the cursor is. */
  note(name: string, start: number, value?: unknown, secret?: boolean): void {
    if (this.#fields === undefined || this.stopped) return
    this.#fields.push(this.#field(name, start, value, secret))
  }

  /** Opens a span that will hold others, so that it comes before them. */
  open(name: string, start: number): number {
    if (this.#fields === undefined) return 0
    return this.#fields.push({ name, start: start - this.origin, end: start - this.origin }) - 1
  }

  /** Gives the span its end, where the cursor is. */
  close(span: number, value?: unknown): void {
    const opened = this.#fields?.[span]
    if (opened === undefined || this.#fields === undefined) return
    this.#fields[span] = this.#field(opened.name, opened.start + this.origin, value)
  }

  #field(name: string, start: number, value?: unknown, secret?: boolean): Field {
    const span = { name, start: start - this.origin, end: this.at - this.origin }
    return { ...span, ...(value === undefined ? {} : { value }), ...(secret === true ? { secret } : {}) }
  }

  byte(name: string): number {
    const start = this.at
    const value = this.takeByte(name)
    this.note(name, start, value)
    return value
  }

  uint16(name: string): number {
    const start = this.at
    const value = this.takeUint16(name)
    this.note(name, start, value)
    return value
  }

  string(name: string): string {
    const start = this.at
    const value = this.takeString(name)
    this.note(name, start, value)
    return value
  }

  binary(name: string, secret = false): Buffer {
    const start = this.at
    const value = this.takeBinary(name)
    this.note(name, start, value, secret)
    return value
  }

  /** Whatever is left of the packet. In place: copy what you keep. */
  rest(name: string): Buffer {
    const start = this.at
    this.at = this.end
    const value = this.bytes.subarray(start, this.end)
    this.note(name, start, value)
    return value
  }

  /** The bits of the byte just read, as fields of their own over the same byte. */
  noteBits(of: string, bits: Readonly<Record<string, unknown>>): void {
    if (this.#fields === undefined) return
    for (const [name, value] of Object.entries(bits)) this.note(`${of}.${name}`, this.at - 1, value)
  }
}
