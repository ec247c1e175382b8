import { appendGroupedHex, appendHex } from '../../payload/hex-text.ts'
import type { PublishView } from '../../protocol/wire/publish-view.ts'
import { escapePayloadForTerminal } from '../escape-bytes.ts'
import type { FieldLayout, FieldLetter } from '../message-format.ts'
import type { OutputBuffer } from '../output-buffer.ts'
import { appendNumber, appendPadding, appendSpaces } from './field-layout.ts'
import { fixedPoint } from './fixed-point.ts'
import type { FieldMaker, FormatOptions, PartWriter } from './part-writer.ts'

/** The payload: raw, in hexadecimal, or as one float or double. */
export const payloadFields = {
  p: (layout, { escape: toTerminal }) => (toTerminal ? escapedField(layout) : rawField(layout)),
  x: (layout) => hexField(layout, '0123456789abcdef'),
  X: (layout) => hexField(layout, '0123456789ABCDEF'),
  f: (layout, options) => floatField(layout, options, 4, (bytes, start) => bytes.readFloatLE(start)),
  d: (layout, options) => floatField(layout, options, 8, (bytes, start) => bytes.readDoubleLE(start)),
} satisfies Partial<Record<FieldLetter, FieldMaker>>

function rawField(layout: FieldLayout): PartWriter {
  return ({ bytes, payloadStart, payloadEnd }, _time, out) => appendRaw(bytes, payloadStart, payloadEnd, layout, out)
}

function escapedField(layout: FieldLayout): PartWriter {
  return ({ bytes, payloadStart, payloadEnd }, _time, out) => {
    const escaped = Buffer.from(escapePayloadForTerminal(bytes, payloadStart, payloadEnd))
    appendRaw(escaped, 0, escaped.length, layout, out)
  }
}

/** Here a width is a maximum too: mosquitto_sub cuts the payload to it. */
function appendRaw(bytes: Buffer, start: number, end: number, layout: FieldLayout, out: OutputBuffer): void {
  const shown = layout.width > 0 ? Math.min(end - start, layout.width) : end - start
  if (!layout.leftAlign) appendPadding(layout, layout.width - shown, out)
  out.appendBytes(bytes, start, start + shown)
  if (layout.leftAlign) appendSpaces(spacesAfter(layout, shown, shown), out)
}

/**
 * Left alignment without a width: mosquitto_sub hands printf a negative width, which pads with as many blanks as the
 * payload has bytes. Nobody asks for that, but scripts get it, and we promise the same bytes.
 */
function spacesAfter(layout: FieldLayout, printed: number, payloadBytes: number): number {
  return layout.width > 0 ? layout.width - printed : payloadBytes
}

function hexField(layout: FieldLayout, digits: string): PartWriter {
  const grouped = layout.precision !== undefined || layout.separator !== undefined
  return grouped ? groupedHexField(layout, digits) : hexFieldOf2011(layout, digits)
}

/** mosquitto_sub 2.0: a width cuts the payload to that many bytes and then prints half of them, one byte being two digits. */
function hexFieldOf2011(layout: FieldLayout, digits: string): PartWriter {
  return ({ bytes, payloadStart, payloadEnd }, _time, out) => {
    const payloadBytes = payloadEnd - payloadStart
    const shown = layout.width > 0 ? Math.min(payloadBytes, layout.width) >> 1 : payloadBytes
    if (!layout.leftAlign) appendPadding(layout, layout.width - shown * 2, out)
    appendHex(bytes, payloadStart, payloadStart + shown, digits, out)
    if (layout.leftAlign) appendSpaces(spacesAfter(layout, shown * 2, payloadBytes), out)
  }
}

/** mosquitto_sub 2.1: the separator (a blank unless given) after each `precision` digits, padding counted as digits. */
function groupedHexField(layout: FieldLayout, digits: string): PartWriter {
  const grouping = { digits, digitsPerGroup: layout.precision ?? 0, separator: layout.separator ?? ' ' }
  return ({ bytes, payloadStart, payloadEnd }, _time, out) => {
    const payloadBytes = payloadEnd - payloadStart
    const shown = layout.width > 0 ? Math.min(payloadBytes, layout.width) : payloadBytes
    const missing = Math.max(0, layout.width - shown * 2)
    const pad = layout.leftAlign ? '' : (layout.zeroPad ? '0' : ' ').repeat(missing)
    appendGroupedHex(bytes, payloadStart, payloadStart + shown, pad, grouping, out)
    if (layout.leftAlign) appendSpaces(missing, out)
  }
}

/** A payload that is exactly one IEEE number, least significant byte first as on the machines that send them. */
function floatField(
  layout: FieldLayout,
  { warn }: FormatOptions,
  numberBytes: number,
  read: (bytes: Buffer, start: number) => number,
): PartWriter {
  const decimals = layout.precision ?? 6
  return (message: PublishView, _time, out) => {
    const payloadBytes = message.payloadEnd - message.payloadStart
    if (payloadBytes === numberBytes) {
      const value = read(message.bytes, message.payloadStart)
      const numberLayout = Number.isFinite(value) ? layout : { ...layout, zeroPad: false }
      appendNumber(fixedPoint(value, decimals), numberLayout, out)
    } else warn?.(`the payload on ${message.topic()} has ${payloadBytes} bytes; this number takes ${numberBytes}`)
  }
}
