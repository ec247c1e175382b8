import { type CipherGCMTypes, createDecipheriv } from 'node:crypto'
import type { CipherSuite } from './cipher-suites.ts'
import { nextSecret, type RecordKeys, trafficKeys } from './key-schedule.ts'
import type { TlsRecord } from './record-splitter.ts'

/** What a record held. */
export interface OpenedRecord {
  readonly contentType: number
  readonly bytes: Buffer
}

/** Opens the sealed records of one side. */
export interface RecordOpener {
  /** Undefined where it cannot be opened: by other keys, or after so many missing ones that it is not found. */
  open(record: TlsRecord): OpenedRecord | undefined
  /** Records before the next one are missing. */
  missed(): void
}

const tagBytes = 16
const explicitNonceBytes = 8
/** After a gap, so many sequence numbers are tried: each is a record that is missing. */
const mostMissingRecords = 512

function nonceOf(iv: Buffer, sequence: number): Buffer {
  const nonce = Buffer.from(iv)
  const at = nonce.length - 8
  nonce.writeUInt32BE((nonce.readUInt32BE(at) ^ Math.floor(sequence / 2 ** 32)) >>> 0, at)
  nonce.writeUInt32BE((nonce.readUInt32BE(at + 4) ^ sequence) >>> 0, at + 4)
  return nonce
}

function unseal(
  { cipher }: CipherSuite,
  key: Buffer,
  nonce: Buffer,
  sealed: Buffer,
  about: Buffer,
): Buffer | undefined {
  const opener = createDecipheriv(cipher as CipherGCMTypes, key, nonce, { authTagLength: tagBytes })
  const end = sealed.length - tagBytes
  opener.setAAD(about, { plaintextLength: end })
  opener.setAuthTag(sealed.subarray(end))
  const plain = opener.update(sealed.subarray(0, end))
  try {
    opener.final()
    return plain
  } catch {
    return undefined
  }
}

/** Counts records, and finds the count again after a gap. */
class SequenceNumber {
  next = 0
  #mayHaveMissed = false

  missed(): void {
    this.#mayHaveMissed = true
  }

  find(open: (sequence: number) => OpenedRecord | undefined): OpenedRecord | undefined {
    const tries = this.#mayHaveMissed ? mostMissingRecords : 1
    for (let sequence = this.next; sequence < this.next + tries; sequence++) {
      const opened = open(sequence)
      if (opened === undefined) continue
      this.next = sequence + 1
      this.#mayHaveMissed = false
      return opened
    }
    return undefined
  }
}

/** TLS 1.2 [RFC 5246, 6.2.3.3]. */
export class Tls12Opener implements RecordOpener {
  readonly #suite: CipherSuite
  readonly #keys: RecordKeys
  readonly #sequence = new SequenceNumber()

  constructor(suite: CipherSuite, keys: RecordKeys) {
    this.#suite = suite
    this.#keys = keys
  }

  missed(): void {
    this.#sequence.missed()
  }

  open({ contentType, header, body }: TlsRecord): OpenedRecord | undefined {
    const { hasExplicitNonce } = this.#suite
    const sealed = hasExplicitNonce ? body.subarray(explicitNonceBytes) : body
    if (sealed.length < tagBytes) return undefined
    return this.#sequence.find((sequence) => {
      const about = Buffer.alloc(13)
      about.writeBigUInt64BE(BigInt(sequence))
      header.copy(about, 8, 0, 3)
      about.writeUInt16BE(sealed.length - tagBytes, 11)
      const { key, iv } = this.#keys
      const nonce = hasExplicitNonce ? Buffer.concat([iv, body.subarray(0, explicitNonceBytes)]) : nonceOf(iv, sequence)
      const bytes = unseal(this.#suite, key, nonce, sealed, about)
      return bytes && { contentType, bytes }
    })
  }
}

/** The keys of one traffic secret of TLS 1.3. */
class Generation {
  readonly secret: Buffer
  readonly #suite: CipherSuite
  readonly #keys: RecordKeys
  readonly #sequence = new SequenceNumber()

  constructor(suite: CipherSuite, secret: Buffer) {
    this.#suite = suite
    this.secret = secret
    this.#keys = trafficKeys(suite, secret)
  }

  missed(): void {
    this.#sequence.missed()
  }

  open({ header, body }: TlsRecord): OpenedRecord | undefined {
    if (body.length <= tagBytes) return undefined
    return this.#sequence.find((sequence) => {
      const { key, iv } = this.#keys
      const inner = unseal(this.#suite, key, nonceOf(iv, sequence), body, header)
      return inner && withoutPadding(inner)
    })
  }
}

/** The last byte that is not 0 is the content type [RFC 8446, 5.2]. */
function withoutPadding(inner: Buffer): OpenedRecord {
  let end = inner.length
  while (end > 0 && inner[end - 1] === 0) end--
  return { contentType: inner[end - 1] ?? 0, bytes: inner.subarray(0, Math.max(0, end - 1)) }
}

/** TLS 1.3: the handshake's keys first, then those of the traffic, then the ones after each KeyUpdate: told by trying. */
export class Tls13Opener implements RecordOpener {
  readonly #suite: CipherSuite
  readonly #traffic: Buffer
  #generation: Generation
  #isHandshake: boolean

  constructor(suite: CipherSuite, handshake: Buffer | undefined, traffic: Buffer) {
    this.#suite = suite
    this.#traffic = traffic
    this.#isHandshake = handshake !== undefined
    this.#generation = new Generation(suite, handshake ?? traffic)
  }

  missed(): void {
    this.#generation.missed()
  }

  open(record: TlsRecord): OpenedRecord | undefined {
    const opened = this.#generation.open(record)
    if (opened !== undefined) return opened
    const secret = this.#isHandshake ? this.#traffic : nextSecret(this.#suite, this.#generation.secret)
    const next = new Generation(this.#suite, secret)
    const openedByNext = next.open(record)
    if (openedByNext === undefined) return undefined
    this.#generation = next
    this.#isHandshake = false
    return openedByNext
  }
}
