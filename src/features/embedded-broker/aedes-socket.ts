import { Duplex } from 'node:stream'
import { decodePacket } from '../../protocol/wire/decode-packet.ts'
import { encodePacket } from '../../protocol/wire/encode-packet.ts'
import { FrameSplitter } from '../../protocol/wire/frame-splitter.ts'
import type { Packet, ProtocolVersion } from '../../protocol/wire/packet.ts'
import { isViolation } from '../../protocol/wire/violation.ts'
import type { AedesPublish } from './aedes-packets.ts'

export interface DoorListeners {
  readonly onPacket: (packet: Packet) => void
  readonly onClose: (error: Error | null) => void
}

/**
 * What aedes takes for the client's socket. In go a CONNECT and a DISCONNECT of our own making, out come CONNACK and
 * DISCONNECT; everything else is done through aedes's methods. So no byte of a client ever reaches aedes.
 */
export class AedesDoor extends Duplex {
  /** The will as it is to be published; what mqtt-packet reads from CONNECT has lost the order of its properties. */
  readonly will: AedesPublish | undefined
  readonly #version: ProtocolVersion
  readonly #splitter = new FrameSplitter()
  readonly #onPacket: (packet: Packet) => void
  readonly #onClose: (error: Error | null) => void

  constructor(version: ProtocolVersion, will: AedesPublish | undefined, { onPacket, onClose }: DoorListeners) {
    super()
    this.will = will
    this.#version = version
    this.#splitter.version = version
    this.#onPacket = onPacket
    this.#onClose = onClose
  }

  pass(packet: Packet): void {
    this.push(encodePacket(packet, this.#version))
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#splitter.push(chunk, (bytes, start, _bodyStart, end) => {
      const packet = decodePacket(bytes, start, end, { version: this.#version, sender: 'server' })
      if (!isViolation(packet)) this.#onPacket(packet)
    })
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#onClose(error)
    done(null) // aedes has been told by whoever destroyed; nobody listens for an error here
  }
}
