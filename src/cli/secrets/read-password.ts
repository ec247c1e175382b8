import { MqttCliError } from '../../errors.ts'
import type { PasswordSource } from '../settings/login.ts'
import { usageError } from '../usage-error.ts'
import { wasUtf8 } from '../values/valid-text.ts'

/** The edges that reading a password needs. */
export interface PasswordEdges {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Otherwise stdin may be somebody else's, or hold our messages: the password command does not get it. */
  readonly isInputTty: boolean
  /** Both stdin and stderr are a terminal. */
  readonly canAsk: boolean
  readonly signal: AbortSignal
}

/** MQTT's limit for the password field. [MQTT5 §3.1.3.6] */
const longestPasswordBytes = 65_535

export async function readPassword(source: PasswordSource, edges: PasswordEdges): Promise<Buffer> {
  const password = await passwordBytes(source, edges)
  if (password.length <= longestPasswordBytes) return password
  throw usageError('the password is longer than MQTT can carry', `give at most ${longestPasswordBytes} bytes`)
}

async function passwordBytes(source: PasswordSource, edges: PasswordEdges): Promise<Buffer> {
  switch (source.from) {
    case 'text':
      return Buffer.from(source.text)
    case 'environment':
      return fromEnvironment(source.name, edges)
    case 'file':
      return fromFile(source.path)
    case 'command':
      return fromCommand(source.command, edges)
    case 'prompt':
      return fromPrompt(edges)
  }
}

function fromEnvironment(name: string, { environment }: PasswordEdges): Buffer {
  const value = environment[name]
  if (value !== undefined) return Buffer.from(wasUtf8(value, name, '--password-file takes any bytes'))
  throw usageError(`--password-env: ${name} is not set`, `export ${name}, or use --password-file`)
}

async function fromFile(path: string): Promise<Buffer> {
  const { readFile } = await import('node:fs/promises') // 4 ms of a start, and few passwords lie in files
  try {
    return withoutNewline(await readFile(path))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new MqttCliError('local-io', `--password-file could not be read: ${path} (${code})`, {
      layer: 'password file',
      tries: ['check the path, and that you may read it'],
      cause,
    })
  }
}

/** The command's own messages stay visible on stderr; its output is the password and nothing else sees it. */
async function fromCommand(command: string, { isInputTty, signal }: PasswordEdges): Promise<Buffer> {
  const { spawn } = await import('node:child_process')
  const child = spawn(command, { shell: true, stdio: [isInputTty ? 'inherit' : 'ignore', 'pipe', 'inherit'], signal })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ending = await new Promise<string>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, byWhat) => resolve(code === 0 ? '' : (byWhat ?? `exit code ${code}`)))
  })
  if (ending === '') return withoutNewline(Buffer.concat(chunks))
  throw new MqttCliError('local-io', `--password-command failed (${ending})`, {
    layer: 'password command',
    tries: ['run the command by itself and see that it prints the password'],
  })
}

/** inquirer is loaded here and nowhere else: it costs more than a publish. It asks on stderr, so stdout stays data. */
async function fromPrompt({ canAsk, signal }: PasswordEdges): Promise<Buffer> {
  if (!canAsk) {
    throw usageError(
      'there is no terminal to ask for the password',
      'use --password-file, --password-env or --password-command',
    )
  }
  const { default: inquirer } = await import('inquirer')
  const ask = inquirer.createPromptModule({ output: process.stderr, signal })
  try {
    const { password } = await ask<{ password: string }>([
      { type: 'password', name: 'password', message: 'Password:', toggleMask: false },
    ])
    return Buffer.from(password)
  } catch (cause) {
    if ((cause as Error).name !== 'ExitPromptError') throw cause
    throw new MqttCliError('interrupted', 'stopped at the password prompt', { cause })
  }
}

function withoutNewline(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== 0x0a) return bytes
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1)
}
