import { jsonFields } from './format/json-fields.ts'
import { messageFields } from './format/message-fields.ts'
import type { FieldMaker, FormatOptions, PartWriter } from './format/part-writer.ts'
import { payloadFields } from './format/payload-fields.ts'
import { propertyFields } from './format/property-fields.ts'
import { timeFields, timePart } from './format/time-fields.ts'
import type { FieldLetter, FormatPart, MessageFormat } from './message-format.ts'
import type { MessageWriter } from './message-writer.ts'

const newline = 0x0a
const lettersWithTime: readonly FieldLetter[] = ['I', 'U', 'j', 'J']

const fields: Readonly<Record<FieldLetter, FieldMaker>> = {
  ...messageFields,
  ...propertyFields,
  ...payloadFields,
  ...timeFields,
  ...jsonFields,
}

/** Messages by a format of `-F`, with the same bytes as mosquitto_sub. Unlike plain output it prints empty payloads too. */
export function formatWriter(format: MessageFormat, options: FormatOptions): MessageWriter {
  const parts = format.map((part) => partWriter(part, options))
  const printsTime = format.some(hasTime)
  return (message, receivedAt, out) => {
    const epochNanoseconds = printsTime ? receivedAt.epochNanoseconds : 0n
    for (const append of parts) append(message, epochNanoseconds, out)
    if (options.endOfLine) out.appendByte(newline)
  }
}

function partWriter(part: FormatPart, options: FormatOptions): PartWriter {
  switch (part.kind) {
    case 'text': {
      const bytes = Buffer.from(part.text)
      return (_message, _time, out) => out.appendBytes(bytes, 0, bytes.length)
    }
    case 'field':
      return fields[part.letter](part.layout, options)
    case 'time':
      return timePart(part)
  }
}

function hasTime(part: FormatPart): boolean {
  return part.kind === 'time' || (part.kind === 'field' && lettersWithTime.includes(part.letter))
}
