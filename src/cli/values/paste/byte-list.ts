import { usageError } from '../../usage-error.ts'

/** What stands around a list of bytes in C, Go, JavaScript and Python. */
const wrapped = /^[\w\s*&=:.()[\]]*?(?:\[([^[\]{}]*)\]|\{([^[\]{}]*)\})[\s);,}]*$/
const nodeBuffer = /^<Buffer([^<>]*)>$/i
const largestByte = 255

/** The bytes of `{0x30, 0x03}`, `[48, 3]`, `bytes([…])`, `{"type":"Buffer","data":[…]}`, `<Buffer 30 03>`; else undefined. */
export function byteListIn(text: string, from: string): Buffer | undefined {
  const buffer = nodeBuffer.exec(text)
  if (buffer !== null) return Buffer.from((buffer[1] ?? '').replace(/\s/g, ''), 'hex')
  const list = bufferJson(text) ?? inBrackets(text)
  if (list === undefined) return undefined
  const words = list.split(/[\s,]+/).filter((word) => word !== '')
  return Buffer.from(words.map((word) => byteOf(word, words, from)))
}

function bufferJson(text: string): string | undefined {
  return /^\{\s*"type"\s*:\s*"Buffer"\s*,\s*"data"\s*:\s*\[([\d\s,]*)\]\s*\}$/.exec(text)?.[1]
}

function inBrackets(text: string): string | undefined {
  const [, inSquare, inCurly] = wrapped.exec(text) ?? []
  return inCurly ?? inSquare
}

/** `0x30`, `"0x30"`, `48`: a number without 0x is decimal in each of these languages. */
function byteOf(word: string, words: readonly string[], from: string): number {
  const bare = word.replace(/^(["'])(.*)\1$/, '$2')
  if (/^0x[0-9a-f]{1,2}$/i.test(bare)) return Number.parseInt(bare.slice(2), 16)
  if (bare !== word && /^[0-9a-f]{2}$/i.test(bare)) return Number.parseInt(bare, 16)
  if (!/^(?:0|[1-9]\d{0,2})$/.test(bare) || Number(bare) > largestByte) {
    throw usageError(`${from}: ${JSON.stringify(word)} is no byte of a list`, 'write bytes as 0x30, or as 0 to 255')
  }
  if (words.every((each) => /^\d\d$/.test(each))) throw ambiguous(from)
  return Number(bare)
}

function ambiguous(from: string): Error {
  return usageError(
    `${from} may be decimal numbers or hex: every one of them has two digits`,
    'hex without the brackets, or with 0x before each byte',
  )
}
