import { createHash } from 'node:crypto'

/** What ServerHello decided. */
export interface ServerHello {
  readonly random: Buffer
  readonly cipherSuite: number
  readonly isTls13: boolean
}

const helloTypes = { client: 1, server: 2 } as const
const messageHeaderBytes = 4
const randomAt = messageHeaderBytes + 2
const randomBytes = 32
const supportedVersions = 43
const tls13 = 0x0304
/** A HelloRetryRequest is a ServerHello with this random [RFC 8446, 4.1.3]: the real one comes after it. */
const retryRandom = createHash('sha256').update('HelloRetryRequest').digest()

/** The client random of a ClientHello. `message` is a handshake message with its header. */
export function clientRandomIn(message: Buffer): Buffer | undefined {
  if (message[0] !== helloTypes.client || message.length < randomAt + randomBytes) return undefined
  return Buffer.from(message.subarray(randomAt, randomAt + randomBytes))
}

export function readServerHello(message: Buffer): ServerHello | undefined {
  const sessionAt = randomAt + randomBytes
  if (message[0] !== helloTypes.server || message.length <= sessionAt) return undefined
  const random = Buffer.from(message.subarray(randomAt, sessionAt))
  const suiteAt = sessionAt + 1 + message[sessionAt]!
  if (random.equals(retryRandom) || message.length < suiteAt + 3) return undefined
  return { random, cipherSuite: message.readUInt16BE(suiteAt), isTls13: chosenVersion(message, suiteAt + 3) === tls13 }
}

/** By the extension of TLS 1.3; undefined without it. */
function chosenVersion(message: Buffer, extensionsAt: number): number | undefined {
  let at = extensionsAt + 2
  while (at + 4 <= message.length) {
    const length = message.readUInt16BE(at + 2)
    if (message.readUInt16BE(at) === supportedVersions && length === 2 && at + 6 <= message.length) {
      return message.readUInt16BE(at + 4)
    }
    at += 4 + length
  }
  return undefined
}
