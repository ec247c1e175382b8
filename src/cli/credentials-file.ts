import { readFile } from 'node:fs/promises'
import { MqttCliError } from '../errors.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
}

/** One `user,password` a line; what follows the first comma is the password, commas and all. Errors never show a line. */
export async function readCredentials(path: string): Promise<readonly Credentials[]> {
  const lines = (await textOf(path)).split(/\r?\n/).map((line, index) => ({ line, number: index + 1 }))
  const credentials = lines
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => {
      const comma = line.indexOf(',')
      if (comma > 0) return { username: line.slice(0, comma), password: line.slice(comma + 1) }
      throw unusable(path, `line ${number} has no user and password with a comma between them`)
    })
  if (credentials.length === 0) throw unusable(path, 'it is empty')
  return credentials
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw unusable(path, String((cause as NodeJS.ErrnoException).code))
  }
}

function unusable(path: string, why: string): MqttCliError {
  return new MqttCliError('local-io', `--credentials could not be read: ${path}: ${why}`, {
    layer: 'credentials file',
    tries: ['write one user,password a line'],
  })
}
