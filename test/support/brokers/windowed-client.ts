import type { Socket } from 'node:net'
import { FrameCutter } from '../packets/frame-cutter.ts'
import { type PublishedMessage, publishPacket, readPublish, readSubscribe, type WireVersion } from './plain-packets.ts'

export interface WindowedOptions {
  /** QoS 1 and 2 messages that a subscriber has at a time: the next goes out when one is acknowledged. */
  readonly window?: number
  /** Announced at MQTT 5, and a publisher that exceeds it is dropped. */
  readonly receiveMaximum?: number
}

type QoS = 0 | 1 | 2

/** A client as the windowed broker sees it, whatever it does. */
export class WindowedClient {
  readonly #socket: Socket
  readonly #options: WindowedOptions
  readonly #forward: (message: PublishedMessage) => void
  readonly #filters = new Map<string, QoS>()
  readonly #waiting: { readonly message: PublishedMessage; readonly qos: QoS }[] = []
  /** QoS 2 publishes that wait for PUBREL, by identifier. */
  readonly #unreleased = new Set<number>()
  #version: WireVersion = 4
  #underWay = 0
  #nextId = 0

  constructor(socket: Socket, options: WindowedOptions, forward: (message: PublishedMessage) => void) {
    this.#socket = socket
    this.#options = options
    this.#forward = forward
    const cutter = new FrameCutter()
    socket.setNoDelay(true) // each packet is a segment of its own
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      for (const packet of cutter.push(bytes)) this.#take(packet.type, packet.bytes)
    })
  }

  /** To this client, if it asked for the topic. */
  deliver(message: PublishedMessage): void {
    const asked = this.#filters.get(message.topic)
    if (asked === undefined) return
    this.#waiting.push({ message, qos: Math.min(asked, message.qos) as QoS })
    this.#sendNext()
  }

  #sendNext(): void {
    const { window = Number.POSITIVE_INFINITY } = this.#options
    while (this.#waiting.length > 0) {
      const { message, qos } = this.#waiting[0]!
      if (qos > 0 && this.#underWay >= window) return
      this.#waiting.shift()
      if (qos > 0) this.#underWay++
      this.#nextId = (this.#nextId % 65_535) + 1
      this.#socket.write(publishPacket(message, qos, this.#nextId, this.#version))
    }
  }

  #take(type: string, bytes: Buffer): void {
    if (type === 'connect') this.#accept(bytes)
    else if (type === 'subscribe') this.#subscribe(bytes)
    else if (type === 'publish') this.#publish(readPublish(bytes, this.#version))
    else if (type === 'pubrel') this.#release(bytes.readUInt16BE(2))
    else if (type === 'pubrec') this.#acknowledge(0x62, bytes.readUInt16BE(2))
    else if (type === 'puback' || type === 'pubcomp') this.#acknowledged()
    else if (type === 'pingreq') this.#socket.write(Buffer.of(0xd0, 0))
    else if (type === 'disconnect') this.#socket.end()
  }

  #accept(connect: Buffer): void {
    const level = connect[4 + connect.readUInt16BE(2)]
    this.#version = level === 5 ? 5 : 4
    const { receiveMaximum } = this.#options
    const properties = receiveMaximum === undefined ? [0] : [3, 0x21, receiveMaximum >> 8, receiveMaximum & 0xff]
    const body = this.#version === 5 ? [0, 0, ...properties] : [0, 0]
    this.#socket.write(Buffer.of(0x20, body.length, ...body))
  }

  #subscribe(bytes: Buffer): void {
    const { id, filters } = readSubscribe(bytes, this.#version)
    for (const [filter, qos] of filters) this.#filters.set(filter, qos)
    const body = [id >> 8, id & 0xff, ...(this.#version === 5 ? [0] : []), ...filters.map(([, qos]) => qos)]
    this.#socket.write(Buffer.of(0x90, body.length, ...body))
  }

  #publish(message: PublishedMessage): void {
    if (message.qos === 2) {
      const isNew = !this.#unreleased.has(message.id)
      this.#unreleased.add(message.id)
      if (this.#unreleased.size > (this.#options.receiveMaximum ?? 65_535)) this.#socket.destroy()
      else this.#acknowledge(0x50, message.id)
      if (!isNew) return
    }
    this.#forward(message)
    if (message.qos === 1) this.#acknowledge(0x40, message.id)
  }

  #release(id: number): void {
    this.#unreleased.delete(id)
    this.#acknowledge(0x70, id)
  }

  #acknowledge(first: number, id: number): void {
    this.#socket.write(Buffer.of(first, 2, id >> 8, id & 0xff))
  }

  #acknowledged(): void {
    this.#underWay--
    this.#sendNext()
  }
}
