import { type Layer, otherSide, type Side, type Unreadable } from '../layers/layer.ts'
import { type CipherSuite, cipherSuite } from './cipher-suites.ts'
import { clientRandomIn, readServerHello, type ServerHello } from './hellos.ts'
import type { FindSecrets, TlsSecrets } from './key-log.ts'
import { keyBlock } from './key-schedule.ts'
import { findRecord, RecordSplitter, type TlsRecord } from './record-splitter.ts'
import { type OpenedRecord, type RecordOpener, Tls12Opener, Tls13Opener } from './sealed-records.ts'

const contentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const
const mostHelloBytes = 64 * 1024

export interface TlsLayerRequest {
  readonly client: Side
  readonly findSecrets: FindSecrets
  /** Gives what is above, once it is known which TLS this is. */
  inside(carrier: string): Layer
  failed(why: Unreadable): void
}

/** What lies above TLS, opened by the secrets of a key log. */
export class TlsLayer implements Layer {
  readonly #request: TlsLayerRequest
  readonly #sides: Record<Side, TlsSide>
  #clientRandom: Buffer | undefined
  #above: Layer | undefined
  #isOver = false

  constructor(request: TlsLayerRequest) {
    this.#request = request
    const side = (from: Side) =>
      new TlsSide({
        hello: (message) => this.#hello(from, message),
        gap: (at) => this.#above?.gap(from, at),
        data: (bytes, at) => this.#above?.bytes(from, bytes, at),
      })
    this.#sides = { first: side('first'), second: side('second') }
  }

  bytes(from: Side, bytes: Buffer, at: number): void {
    if (this.#isOver) return
    if (!this.#sides[from].push(bytes, at)) this.#fail('tls-not-known')
  }

  gap(from: Side): void {
    this.#sides[from].missed()
  }

  finished(from: Side, at: number): void {
    this.#above?.finished(from, at)
  }

  #hello(from: Side, message: Buffer): void {
    if (from === this.#request.client) this.#clientRandom ??= clientRandomIn(message)
    else this.#answered(readServerHello(message))
  }

  #answered(hello: ServerHello | undefined): void {
    if (hello === undefined || this.#above !== undefined) return
    const clientRandom = this.#clientRandom
    const suite = cipherSuite(hello.cipherSuite)
    const secrets = clientRandom && this.#request.findSecrets(clientRandom.toString('hex'))
    const openers = clientRandom && suite && secrets && openersOf(hello, suite, secrets, clientRandom)
    if (openers === undefined) {
      this.#fail('tls-not-known')
      return
    }
    const { client } = this.#request
    this.#sides[client].use(openers.client, hello.isTls13)
    this.#sides[otherSide(client)].use(openers.server, hello.isTls13)
    this.#above = this.#request.inside(hello.isTls13 ? 'TLS 1.3' : 'TLS 1.2')
  }

  #fail(why: Unreadable): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#request.failed(why)
  }
}

function openersOf(hello: ServerHello, suite: CipherSuite, secrets: TlsSecrets, clientRandom: Buffer) {
  if (hello.isTls13) {
    const opener = (who: string) => {
      const traffic = secrets.get(`${who}_TRAFFIC_SECRET_0`)
      return traffic && new Tls13Opener(suite, secrets.get(`${who}_HANDSHAKE_TRAFFIC_SECRET`), traffic)
    }
    const [client, server] = [opener('CLIENT'), opener('SERVER')]
    return client && server && { client, server }
  }
  const master = secrets.get('CLIENT_RANDOM')
  if (master === undefined) return undefined
  const keys = keyBlock(suite, master, hello.random, clientRandom)
  return { client: new Tls12Opener(suite, keys.client), server: new Tls12Opener(suite, keys.server) }
}

interface TlsSideSink {
  hello(message: Buffer): void
  /** Something is missing before the data that comes now. */
  gap(at: number): void
  data(bytes: Buffer, at: number): void
}

/** What one side sent: its hello in clear, then records that are opened. */
class TlsSide {
  readonly #splitter: RecordSplitter
  readonly #sink: TlsSideSink
  #hello: Buffer = Buffer.alloc(0)
  #opener: RecordOpener | undefined
  /** TLS 1.2: what comes after ChangeCipherSpec is sealed. TLS 1.3: all application data is. */
  #isSealed = false
  #isFailed = false
  #at = 0
  #hasGap = false

  constructor(sink: TlsSideSink) {
    this.#sink = sink
    this.#splitter = new RecordSplitter((record) => this.#take(record))
  }

  use(opener: RecordOpener, isTls13: boolean): void {
    this.#opener = opener
    this.#isSealed ||= isTls13
  }

  missed(): void {
    this.#splitter.isLost = true
    this.#opener?.missed()
    this.#hasGap = true
  }

  /** False where the records cannot be opened. */
  push(bytes: Buffer, at: number): boolean {
    this.#at = at
    const start = this.#splitter.isLost ? findRecord(bytes) : 0
    if (start === undefined) return true
    if (this.#splitter.isLost) this.#splitter.reset()
    this.#splitter.push(start === 0 ? bytes : bytes.subarray(start))
    return !this.#isFailed
  }

  #take(record: TlsRecord): void {
    if (record.contentType === contentType.changeCipherSpec) {
      this.#isSealed = true
      return
    }
    const isSealed =
      this.#isSealed && (record.contentType === contentType.applicationData || this.#opener instanceof Tls12Opener)
    if (!isSealed) {
      if (record.contentType === contentType.handshake) this.#takeHello(record.body)
      return
    }
    const opened = this.#opener?.open(record)
    if (opened !== undefined) this.#tell(opened)
    else if (this.#hasGap) this.#splitter.isLost = true
    else this.#isFailed = true
  }

  #tell({ contentType: kind, bytes }: OpenedRecord): void {
    if (kind !== contentType.applicationData) return
    if (this.#hasGap) this.#sink.gap(this.#at)
    this.#hasGap = false
    this.#sink.data(bytes, this.#at)
  }

  /** The first message of a handshake may come in several records; later ones are of no interest. */
  #takeHello(body: Buffer): void {
    if (this.#opener !== undefined || this.#hello.length > mostHelloBytes) return
    this.#hello = Buffer.concat([this.#hello, body])
    while (this.#hello.length >= 4) {
      const length = 4 + this.#hello.readUIntBE(1, 3)
      if (this.#hello.length < length) return
      this.#sink.hello(this.#hello.subarray(0, length))
      this.#hello = this.#hello.subarray(length)
    }
  }
}
