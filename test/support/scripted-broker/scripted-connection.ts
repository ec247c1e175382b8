import type { PacketType } from '../../../src/protocol/wire/packet.ts'
import { type CutPacket, FrameCutter } from '../packets/frame-cutter.ts'
import { Changing } from '../program/patience.ts'
import type { Wire } from './scripted-wire.ts'

type Bytes = string | Buffer

/** What the broker does, in order. Hex may hold spaces. */
export type Step =
  /** The next packet that was not yet expected must be of this type. */
  | { readonly expect: PacketType }
  /** Passes over packets until one of this type. */
  | { readonly skipTo: PacketType }
  /** Bytes as they are: one write, and over WebSocket one frame. A function gets the packet expected last. */
  | { readonly send: Bytes | ((last: Buffer) => Bytes) }
  | { readonly sendText: string }
  | { readonly close: 'fin' | 'rst' }
  | { readonly wait: 'client-close' }
  /** Answers each further packet as told, until the client has gone. */
  | { readonly answer: (packet: CutPacket) => Bytes | undefined }
  | { readonly run: (connection: ScriptedConnection) => void | Promise<void> }

/** One client's connection: plays its script, and keeps every byte that came. */
export class ScriptedConnection {
  readonly wire: Wire
  readonly packets: CutPacket[] = []
  /** Resolves when the script is through; rejects at the step that could not be played. */
  readonly scriptDone: Promise<void>
  readonly #chunks: Buffer[] = []
  readonly #cutter = new FrameCutter()
  readonly #changing = new Changing()
  #consumed = 0
  #last: Buffer = Buffer.alloc(0)
  #ended: 'fin' | 'rst' | undefined

  constructor(wire: Wire, script: readonly Step[]) {
    this.wire = wire
    wire.onBytes = (bytes) => this.#record(bytes)
    wire.socket.once('end', () => this.#end('fin'))
    wire.socket.once('close', (hadError) => this.#end(hadError ? 'rst' : 'fin'))
    this.scriptDone = this.#play(script)
    this.scriptDone.catch(() => {}) // a test that does not ask sees it in what the client did
  }

  /** Every byte from the client so far. */
  get received(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  get receivedTypes(): string[] {
    return this.packets.map(({ type }) => type)
  }

  send(bytes: Bytes): void {
    this.wire.send(toBuffer(bytes))
  }

  /** The nth packet of a type from the client, counted from 1. */
  whenPacket(type: PacketType, nth = 1): Promise<CutPacket> {
    const look = () => this.packets.filter((packet) => packet.type === type)[nth - 1]
    return this.#changing.when(look, () => `${type} number ${nth}; came: ${this.receivedTypes.join(' ')}`)
  }

  whenReceived(byteCount: number): Promise<Buffer> {
    const look = () => (this.received.length >= byteCount ? this.received : undefined)
    return this.#changing.when(look, () => `${byteCount} bytes; came: ${this.received.length}`)
  }

  /** How the client ended it, or we did. */
  whenClosed(): Promise<'fin' | 'rst'> {
    return this.#changing.when(
      () => this.#ended,
      () => `the end of the connection; came: ${this.receivedTypes.join(' ')}`,
    )
  }

  async #play(script: readonly Step[]): Promise<void> {
    for (const [index, step] of script.entries()) {
      try {
        await this.#do(step)
      } catch (error) {
        throw new Error(`step ${index + 1} of the script: ${(error as Error).message}`, { cause: error })
      }
    }
  }

  async #do(step: Step): Promise<void> {
    if ('expect' in step) await this.#expect(step.expect)
    else if ('skipTo' in step) await this.#skipTo(step.skipTo)
    else if ('send' in step) this.send(typeof step.send === 'function' ? step.send(this.#last) : step.send)
    else if ('sendText' in step) this.wire.sendText(step.sendText)
    else if ('close' in step) this.wire[step.close]()
    else if ('wait' in step) await this.whenClosed()
    else if ('answer' in step) await this.#answerAll(step.answer)
    else await step.run(this)
  }

  async #expect(type: PacketType): Promise<void> {
    const packet = await this.#nextPacket(type)
    if (packet.type !== type) throw new Error(`expected ${type}, and ${packet.type} came`)
  }

  async #skipTo(type: PacketType): Promise<void> {
    while ((await this.#nextPacket(type)).type !== type);
  }

  async #nextPacket(wanted: PacketType): Promise<CutPacket> {
    const packet = await this.#changing.when(
      () => this.#take(),
      () => `${wanted}; came: ${this.receivedTypes.join(' ')}`,
    )
    if (packet === 'ended') throw new Error(`expected ${wanted}, and the connection ended`)
    return packet
  }

  /** As the packets come, and without a limit in time: a client that stays may have nothing to say. */
  #answerAll(answerTo: (packet: CutPacket) => Bytes | undefined): Promise<void> {
    return new Promise((resolve) => {
      const answer = () => {
        for (let packet = this.#take(); packet !== undefined; packet = this.#take()) {
          if (packet === 'ended') return resolve()
          const bytes = answerTo(packet)
          if (bytes !== undefined) this.send(bytes)
        }
        this.#changing.onNext(answer)
      }
      answer()
    })
  }

  #take(): CutPacket | 'ended' | undefined {
    const packet = this.packets[this.#consumed]
    if (packet === undefined) return this.#ended && 'ended'
    this.#consumed += 1
    this.#last = packet.bytes
    return packet
  }

  #record(bytes: Buffer): void {
    this.#chunks.push(bytes)
    this.packets.push(...this.#cutter.push(bytes))
    this.#changing.changed()
  }

  #end(how: 'fin' | 'rst'): void {
    this.#ended ??= how
    this.#changing.changed()
  }
}

function toBuffer(bytes: Bytes): Buffer {
  return typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(/\s/g, ''), 'hex') : bytes
}
