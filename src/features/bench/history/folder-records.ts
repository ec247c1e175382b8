import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { MqttCliError } from '../../../errors.ts'

/** A line of a file of results, or why it is none. */
export type FolderRecord =
  | { readonly place: string; readonly value: unknown }
  | { readonly place: string; readonly problem: string }

/** More than a result of a hundred thousand publishers has. */
const longestLineBytes = 64 * 1024 * 1024
const newline = 0x0a

/** Every line of every file of results in a folder, file by file in the order of their names, one in memory at a time. */
export async function* folderRecords(folder: string, signal: AbortSignal): AsyncGenerator<FolderRecord> {
  for (const name of await resultFiles(folder)) {
    try {
      yield* fileRecords(join(folder, name), name, signal)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      yield { place: name, problem: `it cannot be read (${(error as NodeJS.ErrnoException).code})` }
    }
  }
}

async function resultFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new MqttCliError('local-io', `The results in ${folder} could not be read (${cause.code})`, {
      layer: 'file',
      tries: ['name the folder that results are saved in'],
      cause,
    })
  })
  return names.filter((name) => /\.(nd)?json$/.test(name)).sort()
}

async function* fileRecords(path: string, name: string, signal: AbortSignal): AsyncGenerator<FolderRecord> {
  let number = 0
  for await (const { bytes, isWhole } of linesOf(createReadStream(path, { signal }))) {
    number += 1
    const place = `${name}, line ${number}`
    if (bytes === undefined) yield { place, problem: `it has more than ${longestLineBytes / 1024 / 1024} MiB` }
    else if (bytes.length > 0) yield parsed(bytes, place, isWhole)
  }
}

function parsed(bytes: Buffer, place: string, isWhole: boolean): FolderRecord {
  try {
    return { place, value: JSON.parse(bytes.toString()) }
  } catch {
    return { place, problem: isWhole ? 'it is no JSON' : 'it is cut off: whoever wrote it was stopped' }
  }
}

interface Line {
  /** Undefined: too long to be kept. */
  readonly bytes: Buffer | undefined
  /** It has its end. */
  readonly isWhole: boolean
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let parts: Buffer[] = []
  let length = 0
  const taken = (isWhole: boolean): Line => {
    const bytes = length > longestLineBytes ? undefined : Buffer.concat(parts)
    parts = []
    length = 0
    return { bytes, isWhole }
  }
  const keep = (part: Buffer) => {
    length += part.length
    if (length > longestLineBytes) parts = []
    else parts.push(part)
  }
  for await (const chunk of stream) {
    let from = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      keep(chunk.subarray(from, end))
      yield taken(true)
      from = end + 1
    }
    keep(chunk.subarray(from))
  }
  if (length > 0) yield taken(false)
}
