import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { CsvError, type Info, parse } from 'csv-parse/sync'
import { MqttCliError } from '../../errors.ts'

interface Credentials {
  readonly username: string
  readonly password: string
}

interface Row {
  readonly record: readonly string[]
  readonly info: Info
}

/** MQTT's limit for both fields. [MQTT5 §3.1.3.5] */
const longestFieldBytes = 65_535
const newlineByte = 0x0a
const header = /^user(?:name)?,password$/i

/** RFC 4180: a user and a password each, and a header if there is one. Errors name lines, and never show one. */
export async function readCredentials(path: string): Promise<readonly Credentials[]> {
  const bytes = await bytesOf(path)
  const rows = rowsOf(path, bytes)
  const [first] = rows
  const users =
    first !== undefined && header.test(first.record.map((field) => field.trim()).join()) ? rows.slice(1) : rows
  if (users.length === 0) throw unusable(path, 'it names no user')
  return users.map(({ record, info }) => {
    const why = fault(record)
    if (why !== undefined) throw unusable(path, `line ${lastLine(bytes, info.bytes)} ${why}`)
    const [username = '', password = ''] = record
    return { username, password }
  })
}

function fault(record: readonly string[]): string | undefined {
  const [username = '', password = ''] = record
  if (record.length < 2) return 'has no user and password with a comma between them'
  if (record.length > 2) return 'has more than a user and a password'
  if (username === '') return 'has no user'
  if (username.includes('\0')) return 'has a user with a NUL, which MQTT does not carry' // [MQTT-1.5.4-2]
  const isTooLong = [username, password].some((field) => Buffer.byteLength(field) > longestFieldBytes)
  return isTooLong ? `has more than the ${longestFieldBytes} bytes that MQTT carries` : undefined
}

function rowsOf(path: string, bytes: Buffer): readonly Row[] {
  if (!isUtf8(bytes)) throw unusable(path, 'it is not UTF-8')
  const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const
  try {
    return parse(bytes, { ...options, record_delimiter: ['\r\n', '\n'] }) as unknown as readonly Row[]
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw unusable(
      path,
      `line ${lineAt(bytes, Number(error.bytes))} has a quote where none may be, or one that does not end`,
    )
  }
}

/** Of a record that ends before this byte. The parser's own count takes CR LF within quotes for two. */
function lastLine(bytes: Buffer, end: number): number {
  return lineAt(bytes, bytes[end - 1] === newlineByte ? end - 1 : end)
}

function lineAt(bytes: Buffer, position: number): number {
  let line = 1
  for (let at = bytes.indexOf(newlineByte); at >= 0 && at < position; at = bytes.indexOf(newlineByte, at + 1)) line++
  return line
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw unusable(path, String((cause as NodeJS.ErrnoException).code))
  }
}

function unusable(path: string, why: string): MqttCliError {
  return new MqttCliError('local-io', `--credentials could not be read: ${path}: ${why}`, {
    layer: 'credentials file',
    tries: ['write one user,password a line', 'quote a field with a comma or a quote: ann,"a,""b"'],
  })
}
