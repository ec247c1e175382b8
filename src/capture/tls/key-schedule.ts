import { createHmac } from 'node:crypto'
import type { CipherSuite } from './cipher-suites.ts'

/** What one side seals its records with. */
export interface RecordKeys {
  readonly key: Buffer
  readonly iv: Buffer
}

const nonceBytes = 12
const saltBytes = 4

/** HKDF-Expand-Label [RFC 8446, 7.1], without a context. */
function expandLabel(hash: string, secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`)
  const info = Buffer.concat([Buffer.from([length >> 8, length & 0xff, name.length]), name, Buffer.from([0])])
  let block: Buffer = Buffer.alloc(0)
  const blocks: Buffer[] = []
  for (let count = 1; blocks.length * createHmacBytes(hash) < length; count++) {
    block = createHmac(hash, secret)
      .update(block)
      .update(info)
      .update(Buffer.from([count]))
      .digest()
    blocks.push(block)
  }
  return Buffer.concat(blocks).subarray(0, length)
}

function createHmacBytes(hash: string): number {
  return hash === 'sha384' ? 48 : 32
}

/** Of TLS 1.3, from a traffic secret. */
export function trafficKeys({ hash, keyBytes }: CipherSuite, secret: Buffer): RecordKeys {
  return { key: expandLabel(hash, secret, 'key', keyBytes), iv: expandLabel(hash, secret, 'iv', nonceBytes) }
}

/** Of TLS 1.3: the secret after a KeyUpdate. */
export function nextSecret({ hash }: CipherSuite, secret: Buffer): Buffer {
  return expandLabel(hash, secret, 'traffic upd', secret.length)
}

/** Of TLS 1.2, from the master secret [RFC 5246, 6.3]. */
export function keyBlock(suite: CipherSuite, master: Buffer, serverRandom: Buffer, clientRandom: Buffer) {
  const { hash, keyBytes, hasExplicitNonce } = suite
  const ivBytes = hasExplicitNonce ? saltBytes : nonceBytes
  const seed = Buffer.concat([Buffer.from('key expansion'), serverRandom, clientRandom])
  const block = pseudoRandom(hash, master, seed, 2 * (keyBytes + ivBytes))
  const cut = (at: number, length: number) => block.subarray(at, at + length)
  return {
    client: { key: cut(0, keyBytes), iv: cut(2 * keyBytes, ivBytes) },
    server: { key: cut(keyBytes, keyBytes), iv: cut(2 * keyBytes + ivBytes, ivBytes) },
  }
}

/** P_hash [RFC 5246, 5]. */
function pseudoRandom(hash: string, secret: Buffer, seed: Buffer, length: number): Buffer {
  const blocks: Buffer[] = []
  let chained = seed
  let bytes = 0
  while (bytes < length) {
    chained = createHmac(hash, secret).update(chained).digest()
    const block = createHmac(hash, secret).update(chained).update(seed).digest()
    blocks.push(block)
    bytes += block.length
  }
  return Buffer.concat(blocks).subarray(0, length)
}
