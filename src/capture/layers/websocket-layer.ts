import { type Layer, otherSide, type Side } from './layer.ts'
import { findFrames, WebSocketFrames } from './websocket-frames.ts'

const endOfHead = '\r\n\r\n'
const mostHeadBytes = 64 * 1024
const switchingProtocols = / 101[ \r]/
const upgradeHeader = /\r\nupgrade:\s*websocket/i

/** The frames of the client are masked, those of the server are not: so a side is known by a frame of it. */
export function joinedWebSocket(from: Side, bytes: Buffer): Side | undefined {
  const found = findFrames(bytes)
  if (found?.offset !== 0) return undefined
  return found.isMasked ? from : otherSide(from)
}

/** MQTT over WebSocket: the upgrade is left out, `above` gets what the frames carry. */
export class WebSocketLayer implements Layer {
  readonly #sides: Record<Side, WebSocketSide>
  readonly #above: Layer
  readonly #failed: () => void
  #isFailed = false

  /** `failed` is called when this turns out to be HTTP of another kind. `isUpgraded`: the upgrade was not captured. */
  constructor(client: Side, above: Layer, failed: () => void, isUpgraded = false) {
    const side = (from: Side) => new WebSocketSide(from, from === client, above, isUpgraded)
    this.#sides = { first: side('first'), second: side('second') }
    this.#above = above
    this.#failed = failed
  }

  bytes(from: Side, bytes: Buffer, at: number): void {
    if (this.#isFailed || this.#sides[from].push(bytes, at)) return
    this.#isFailed = true
    this.#failed()
  }

  gap(from: Side): void {
    this.#sides[from].missed()
  }

  finished(from: Side, at: number): void {
    this.#above.finished(from, at)
  }
}

class WebSocketSide {
  readonly #from: Side
  readonly #isClient: boolean
  readonly #above: Layer
  readonly #frames: WebSocketFrames
  #head = ''
  #state: 'head' | 'frames' | 'lost'
  #at = 0

  constructor(from: Side, isClient: boolean, above: Layer, isUpgraded: boolean) {
    this.#from = from
    this.#isClient = isClient
    this.#above = above
    this.#state = isUpgraded ? 'frames' : 'head'
    this.#frames = new WebSocketFrames((payload) => above.bytes(from, payload, this.#at))
  }

  missed(): void {
    this.#state = 'lost'
  }

  /** False where this is no WebSocket. */
  push(bytes: Buffer, at: number): boolean {
    this.#at = at
    if (this.#state === 'head') return this.#readHead(bytes)
    if (this.#state === 'lost') this.#findFrames(bytes)
    else this.#readFrames(bytes)
    return true
  }

  #readHead(bytes: Buffer): boolean {
    const before = this.#head.length
    this.#head += bytes.toString('latin1')
    const end = this.#head.indexOf(endOfHead)
    if (end < 0) return this.#head.length < mostHeadBytes
    const head = this.#head.slice(0, end)
    this.#head = ''
    if (!upgradeHeader.test(head) || !(this.#isClient || switchingProtocols.test(head))) return false
    this.#state = 'frames'
    this.#readFrames(bytes.subarray(end + endOfHead.length - before))
    return true
  }

  #readFrames(bytes: Buffer): void {
    this.#frames.push(bytes)
    if (this.#frames.isLost) this.#state = 'lost'
  }

  #findFrames(bytes: Buffer): void {
    const found = findFrames(bytes, this.#isClient)
    if (found === undefined) return
    this.#state = 'frames'
    this.#frames.reset()
    this.#above.gap(this.#from, this.#at)
    this.#readFrames(bytes.subarray(found.offset))
  }
}
