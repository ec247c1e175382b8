import { createHash, pbkdf2, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { MqttCliError } from '../../../errors.ts'

const derive = promisify(pbkdf2)

/** What mosquitto_passwd writes. A hash of another length is none: one of no byte would fit every password. */
const pbkdf2Bytes = 64

/** A password, or mosquitto's PBKDF2-SHA512 of one. */
type Secret =
  | { readonly kind: 'plain'; readonly password: Buffer }
  | { readonly kind: 'pbkdf2'; readonly iterations: number; readonly salt: Buffer; readonly hash: Buffer }

/** Who may connect, and with which password. */
export class UserTable {
  readonly #secrets: ReadonlyMap<string, Secret>
  /** What the password of somebody unknown is held against, so that the time of the answer does not tell. */
  readonly #decoy: Secret

  constructor(secrets: ReadonlyMap<string, Secret>) {
    this.#secrets = secrets
    const [any] = secrets.values()
    this.#decoy = any ?? { kind: 'plain', password: Buffer.alloc(0) }
  }

  async check(name: string | undefined, password: Uint8Array | undefined): Promise<boolean> {
    if (password === undefined) return false
    const secret = name === undefined ? undefined : this.#secrets.get(name)
    const isRight = await matches(password, secret ?? this.#decoy)
    return isRight && secret !== undefined
  }
}

async function matches(password: Uint8Array, secret: Secret): Promise<boolean> {
  if (secret.kind === 'plain') return timingSafeEqual(digest(password), digest(secret.password))
  const hash = await derive(password, secret.salt, secret.iterations, pbkdf2Bytes, 'sha512')
  return timingSafeEqual(hash, secret.hash)
}

/** Two digests have one length, so that comparing them tells nothing about the length of the password either. */
function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** One user a line: `name:password`, or what mosquitto_passwd writes. Empty lines and lines that begin with # are skipped. */
export async function readUserTable(path: string): Promise<UserTable> {
  return parseUserTable(await textOf(path), path)
}

export function parseUserTable(text: string, path: string): UserTable {
  const secrets = new Map<string, Secret>()
  for (const [index, line] of withoutMark(text).split(/\r?\n/).entries()) {
    if (line === '' || line.startsWith('#')) continue
    const colon = line.indexOf(':')
    const secret = colon < 1 ? undefined : secretOf(line.slice(colon + 1))
    if (secret === undefined) throw unusable(path, index + 1)
    secrets.set(line.slice(0, colon), secret)
  }
  return new UserTable(secrets)
}

/** The byte order mark that some editors put first; it would become a part of the first user name. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/** `$7$101$salt$hash`. What else begins like a hash is not taken for a password that happens to look like one. */
function secretOf(text: string): Secret | undefined {
  if (!/^\$[^$]+\$/.test(text)) return { kind: 'plain', password: Buffer.from(text, 'utf8') }
  const [, iterations, salt, hash] = /^\$7\$([1-9][0-9]{0,7})\$([\w+/=]+)\$([\w+/=]+)$/.exec(text) ?? []
  const saltBytes = bytesOf(salt)
  const hashBytes = bytesOf(hash)
  if (saltBytes === undefined || hashBytes?.length !== pbkdf2Bytes) return undefined
  return { kind: 'pbkdf2', iterations: Number(iterations), salt: saltBytes, hash: hashBytes }
}

/** Node passes over what is no Base64; a line that was damaged must not become another hash. */
function bytesOf(base64: string | undefined): Buffer | undefined {
  if (base64 === undefined) return undefined
  const bytes = Buffer.from(base64, 'base64')
  return bytes.length > 0 && bytes.toString('base64') === base64 ? bytes : undefined
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
    tries: [
      'write one user a line, name:password',
      'or make the file with mosquitto_passwd 2.0: of hashes this broker knows $7$ alone, with its 64 bytes',
    ],
    facts: { path, line },
  })
}
