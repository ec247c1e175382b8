import { pbkdf2, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { MqttCliError } from '../../errors.ts'

const derive = promisify(pbkdf2)

/** A password, or mosquitto's PBKDF2-SHA512 of one. */
type Secret =
  | { readonly kind: 'plain'; readonly password: Buffer }
  | { readonly kind: 'pbkdf2'; readonly iterations: number; readonly salt: Buffer; readonly hash: Buffer }

/** Who may connect, and with which password. */
export class UserTable {
  readonly #secrets: ReadonlyMap<string, Secret>

  constructor(secrets: ReadonlyMap<string, Secret>) {
    this.#secrets = secrets
  }

  async check(name: string | undefined, password: Uint8Array | undefined): Promise<boolean> {
    const secret = name === undefined ? undefined : this.#secrets.get(name)
    if (secret === undefined || password === undefined) return false
    if (secret.kind === 'plain') return isSame(Buffer.from(password), secret.password)
    const hash = await derive(password, secret.salt, secret.iterations, secret.hash.length, 'sha512')
    return isSame(hash, secret.hash)
  }
}

function isSame(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}

/** One user a line: `name:password`, or what mosquitto_passwd writes. Empty lines and lines that begin with # are skipped. */
export async function readUserTable(path: string): Promise<UserTable> {
  return parseUserTable(await textOf(path), path)
}

export function parseUserTable(text: string, path: string): UserTable {
  const secrets = new Map<string, Secret>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || line.startsWith('#')) continue
    const colon = line.indexOf(':')
    const secret = colon < 1 ? undefined : secretOf(line.slice(colon + 1))
    if (secret === undefined) throw unusable(path, index + 1)
    secrets.set(line.slice(0, colon), secret)
  }
  return new UserTable(secrets)
}

/** `$7$101$salt$hash`; the older `$6$` is a single round of SHA-512, which nobody should use. */
function secretOf(text: string): Secret | undefined {
  if (!/^\$[0-9]\$/.test(text)) return { kind: 'plain', password: Buffer.from(text, 'utf8') }
  const [, iterations, salt, hash] = /^\$7\$([1-9][0-9]{0,7})\$([\w+/=]+)\$([\w+/=]+)$/.exec(text) ?? []
  if (iterations === undefined || salt === undefined || hash === undefined) return undefined
  return {
    kind: 'pbkdf2',
    iterations: Number(iterations),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new MqttCliError('local-io', `cannot read the password file ${path}`, {
      layer: 'password file',
      tries: ['check the path and the permissions of the file'],
      facts: { path },
      cause: error,
    })
  }
}

/** Names the line and never shows it. */
function unusable(path: string, line: number): MqttCliError {
  return new MqttCliError('usage', `line ${line} of ${path} is neither name:password nor a line of mosquitto_passwd`, {
    layer: 'password file',
    tries: ['write one user a line, name:password', 'or make the file with mosquitto_passwd 2.0 ($7$ hashes)'],
    facts: { path, line },
  })
}
