import type { FieldLetter, FormatPart } from '../message-format.ts'
import { appendString } from './field-layout.ts'
import type { FieldMaker, PartWriter } from './part-writer.ts'
import { strftime } from './strftime.ts'

const nanosecondsPerSecond = 1_000_000_000n

/** When the message came, in local time: `%I` as ISO 8601, `%U` as Unix time. */
export const timeFields = {
  I: (layout) => (_message, epochNanoseconds, out) => {
    const moment = momentOf(epochNanoseconds)
    appendString(`${strftime('F', moment)}T${strftime('T', moment)}${strftime('z', moment)}`, layout, out)
  },
  U: () => (_message, epochNanoseconds, out) => {
    out.appendText(`${epochNanoseconds / nanosecondsPerSecond}.${nanosecondsOf(epochNanoseconds)}`)
  },
} satisfies Partial<Record<FieldLetter, FieldMaker>>

/** `@H` and its like. `@N`, the nanoseconds of the second, is mosquitto_sub's own. */
export function timePart({ letter }: Extract<FormatPart, { kind: 'time' }>): PartWriter {
  if (letter === 'N') return (_message, epochNanoseconds, out) => out.appendText(nanosecondsOf(epochNanoseconds))
  return (_message, epochNanoseconds, out) => out.appendText(strftime(letter, momentOf(epochNanoseconds)))
}

/** To the millisecond, which is all that Date holds. */
export function momentOf(epochNanoseconds: bigint): Date {
  return new Date(Number(epochNanoseconds / 1_000_000n))
}

/** Nine digits. */
export function nanosecondsOf(epochNanoseconds: bigint): string {
  return String(epochNanoseconds % nanosecondsPerSecond).padStart(9, '0')
}
