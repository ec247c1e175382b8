import type { FindSecrets } from '../tls/key-log.ts'
import { TlsLayer } from '../tls/tls-layer.ts'
import { EarlyPieces } from './early-pieces.ts'
import { type Layer, nowhere, otherSide, type Side, type StreamSink, type Unreadable } from './layer.ts'
import { type Sniffed, sniff } from './sniff.ts'
import { joinedWebSocket, WebSocketLayer } from './websocket-layer.ts'

/** So much is kept of a connection of which it is not known what it is. */
const mostEarlyBytes = 256 * 1024

/** What a connection is made of, as far as the layers below have read it. */
export interface DetectionSettings {
  readonly carriers: readonly string[]
  /** Whether the first bytes of both sides come. */
  readonly hasBeginning: boolean
  readonly sink: StreamSink
  /** Looks for MQTT packets in the middle of what a side sent; gives the client's side where there are some. */
  findPackets(from: Side, bytes: Buffer): Side | undefined
  /** Of a key log; absent where there is none, or no TLS can be. */
  readonly findSecrets?: FindSecrets
}

/** Finds out what a connection carries, by its bytes and never by its ports, and hands them on to who reads that. */
export class ProtocolDetection implements Layer {
  readonly #settings: DetectionSettings
  readonly #early = new EarlyPieces()
  #hasBeginning: boolean
  #above: Layer | undefined

  constructor(settings: DetectionSettings) {
    this.#settings = settings
    this.#hasBeginning = settings.hasBeginning
  }

  bytes(from: Side, bytes: Buffer, at: number): void {
    if (this.#above !== undefined) {
      this.#above.bytes(from, bytes, at)
      return
    }
    this.#early.add(from, bytes, at)
    this.#decide(from, bytes)
  }

  gap(from: Side, at: number): void {
    if (this.#above !== undefined) {
      this.#above.gap(from, at)
      return
    }
    this.#hasBeginning = false
    this.#early.gap(from, at)
  }

  finished(from: Side, at: number): void {
    if (this.#above === undefined) this.#early.finished(from, at)
    else this.#above.finished(from, at)
  }

  #decide(from: Side, latest: Buffer): void {
    const sniffed = sniff(this.#early.of(from))
    // A server that speaks before its client is seen says nothing yet: the client's segment may only be late.
    const isAnswer = sniffed === 'other' && this.#hasBeginning && from === 'second'
    if ((sniffed === 'wait' || isAnswer) && this.#early.size < mostEarlyBytes) return
    const layer = this.#layerFor(sniffed, from) ?? this.#inTheMiddle(from, latest)
    if (layer !== undefined) this.#goOn(layer)
    else if (this.#early.size >= mostEarlyBytes) this.#giveUp('no-packet-found')
  }

  #layerFor(sniffed: Sniffed, from: Side): Layer | undefined {
    switch (sniffed) {
      case 'mqtt':
        return this.#opened(from, true)
      case 'http-client':
        return this.#webSocket(from)
      case 'http-server':
        return this.#webSocket(otherSide(from))
      case 'tls-client':
        return this.#tls(from)
      case 'tls-server':
        return this.#tls(otherSide(from))
      default:
        return this.#hasBeginning ? this.#foreign('other-protocol') : undefined
    }
  }

  #opened(client: Side, hasBeginning: boolean): Layer {
    const { sink, carriers } = this.#settings
    return sink.opened({ client, carriers, hasBeginning })
  }

  /** What is inside starts anew: nothing that is carried by itself carries the same once more. */
  #inside(carrier: string, hasBeginning: boolean): Layer {
    const { findSecrets: _, ...settings } = this.#settings
    return new ProtocolDetection({ ...settings, hasBeginning, carriers: [...settings.carriers, carrier] })
  }

  #webSocket(client: Side): Layer {
    const failed = () => this.#settings.sink.unreadable('other-protocol')
    return new WebSocketLayer(client, this.#inside('WebSocket', this.#hasBeginning), failed)
  }

  #tls(client: Side): Layer {
    const { findSecrets, carriers, sink } = this.#settings
    if (carriers.length > 0) return this.#foreign('other-protocol')
    if (findSecrets === undefined) return this.#foreign('tls-without-keys')
    const hasBeginning = this.#hasBeginning
    return new TlsLayer({
      client,
      findSecrets,
      inside: (carrier) => this.#inside(carrier, hasBeginning),
      failed: (why) => sink.unreadable(why),
    })
  }

  #inTheMiddle(from: Side, latest: Buffer): Layer | undefined {
    const client = this.#settings.findPackets(from, latest)
    if (client !== undefined) return this.#opened(client, false)
    const side = joinedWebSocket(from, latest)
    return side && new WebSocketLayer(side, this.#inside('WebSocket', false), () => {}, true)
  }

  #foreign(why: Unreadable): Layer {
    this.#settings.sink.unreadable(why)
    return nowhere
  }

  #giveUp(why: Unreadable): void {
    this.#goOn(this.#foreign(why))
  }

  #goOn(layer: Layer): void {
    this.#above = layer
    this.#early.handTo(layer)
  }
}
