import { isUtf8 } from 'node:buffer'
import { packetSizeAt } from '../../../protocol/wire/packet-size.ts'
import { usageError } from '../../usage-error.ts'
import { byteListIn } from '../paste/byte-list.ts'
import { hexDumpBytes, isHexDump } from '../paste/hex-dump.ts'
import { hexDigitsIn } from '../paste/hex-words.ts'
import { pythonBytesIn } from '../paste/python-bytes.ts'

export type InputForm = 'auto' | 'hex' | 'base64' | 'binary'

export function inputForm(text: string, flag: string): InputForm {
  if (text === 'auto' || text === 'hex' || text === 'base64' || text === 'binary') return text
  throw usageError(`${flag} is no form of input: ${JSON.stringify(text)}`, 'give auto, hex, base64 or binary')
}

const lineEnds = /[\r\n]/g
const base64Text = /^[A-Za-z0-9+/_-]+={0,2}$/
const cutOff = /…|\.\.\./
const captureMagics: ReadonlyMap<string, string> = new Map([
  ['d4c3b2a1', 'pcap'],
  ['a1b2c3d4', 'pcap'],
  ['4d3cb2a1', 'pcap'],
  ['a1b23c4d', 'pcap'],
  ['0a0d0d0a', 'pcapng'],
])

/**
 * The bytes that a word, a file or standard input means: bytes, hex in any form that tools print, or base64. `from` names it
 * in errors. Text of hex digits alone is hex; what may mean one thing or another is refused.
 */
export function packetBytes(input: Buffer, form: InputForm, from: string): Buffer {
  refuseCapture(input, from)
  if (form === 'binary' || (form === 'auto' && !isText(input))) return nonEmpty(input, from)
  const text = input
    .toString()
    .replace(/^\ufeff/, '')
    .trim()
  if (form === 'base64') return nonEmpty(fromBase64(text.replace(lineEnds, ''), from), from)
  if (form === 'auto' && /^(?:HTTP\/|SSH-)/.test(text)) return input // no MQTT: for who reads it to say
  return nonEmpty(hexBytes(text, from) ?? base64Bytes(text, form, from), from)
}

function hexBytes(text: string, from: string): Buffer | undefined {
  if (isHexDump(text)) return hexDumpBytes(text, from)
  const python = pythonBytesIn(text, from)
  if (python !== undefined) return python
  if (cutOff.test(text)) throw shortened(from)
  const list = byteListIn(text, from)
  if (list !== undefined) return list
  const digits = hexDigitsIn(text, from)
  return digits === undefined ? undefined : Buffer.from(digits, 'hex')
}

/** No packet of MQTT is printable text alone: lengths and codes are control characters, or no UTF-8. */
function isText(input: Buffer): boolean {
  return isUtf8(input) && input.every((byte) => (byte >= 0x20 && byte !== 0x7f) || [0x09, 0x0a, 0x0d].includes(byte))
}

/**
 * Four characters for three bytes, to the end, and no blanks: else a slip in hex would pass for base64. Without padding
 * any word of four letters is that, so it must be whole packets.
 */
function base64Bytes(text: string, form: InputForm, from: string): Buffer {
  const word = text.replace(lineEnds, '')
  if (form !== 'auto' || word.length % 4 !== 0 || /[ \t]/.test(word)) throw notHex(text, from)
  const bytes = fromBase64(word, from)
  if (word.endsWith('=') || areWholePackets(bytes)) return bytes
  throw notHex(text, from)
}

function areWholePackets(bytes: Buffer): boolean {
  let at = 0
  while (at < bytes.length) at += (bytes[at] as number) < 0x10 ? Number.NaN : (packetSizeAt(bytes, at) ?? Number.NaN)
  return at === bytes.length
}

function fromBase64(text: string, from: string): Buffer {
  if (base64Text.test(text) && text.replace(/=+$/, '').length % 4 !== 1) return Buffer.from(text, 'base64')
  throw notHex(text, from)
}

function notHex(text: string, from: string): Error {
  const place = text.search(/[^0-9a-fx\s:,\\-]/i)
  const shown = JSON.stringify(text[Math.max(0, place)] ?? '')
  return usageError(
    `${from} is neither hex nor base64: ${shown} at character ${place + 1}`,
    "write it like '30 0a 00 03 61 2f 62'",
    'read a binary file with -f; --input base64 says that it is that',
  )
}

function shortened(from: string): Error {
  return usageError(
    `${from} was shortened where it was printed: there is an ellipsis in it`,
    "print all of it: buffer.toString('hex') in Node, .hex() in Python, xxd -p",
  )
}

function refuseCapture(input: Buffer, from: string): void {
  const kind = captureMagics.get(input.toString('hex', 0, 4))
  if (kind === undefined) return
  throw usageError(
    `${from} is a capture file (${kind}), and bytes of MQTT are wanted`,
    `tshark -r FILE -Y mqtt -T fields -e tcp.payload prints them as hex, which this command reads`,
    'tcpdump -x -r FILE prints what this command reads too',
  )
}

function nonEmpty(bytes: Buffer, from: string): Buffer {
  if (bytes.length > 0) return bytes
  throw usageError(`${from} is empty`, "give bytes: mqtt-cli inspect decode 'c0 00'")
}
