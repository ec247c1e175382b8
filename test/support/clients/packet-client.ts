import { decodePacket } from '../../../src/protocol/wire/decode-packet.ts'
import { encodePacket } from '../../../src/protocol/wire/encode-packet.ts'
import type {
  Acknowledgement,
  Connack,
  Connect,
  Packet,
  PacketType,
  ProtocolVersion,
} from '../../../src/protocol/wire/packet.ts'
import { isViolation } from '../../../src/protocol/wire/violation.ts'
import { packetTypeOf } from '../packets/frame-cutter.ts'
import { connect } from '../packets/packets.ts'
import { withPatience } from '../program/patience.ts'
import { RawClient } from './raw-client.ts'

/** The four acknowledgements share one shape. */
type PacketOf<Type extends PacketType> =
  Extract<Packet, { type: Type }> extends never ? Acknowledgement : Extract<Packet, { type: Type }>

/** A client that sends packets as values. What comes back is decoded strictly: a server that breaks a rule fails the test. */
export class PacketClient {
  readonly connack: Connack
  readonly raw: RawClient
  readonly #version: ProtocolVersion

  private constructor(raw: RawClient, version: ProtocolVersion, connack: Connack) {
    this.raw = raw
    this.#version = version
    this.connack = connack
  }

  static async open(port: number, changes: Partial<Connect> = {}): Promise<PacketClient> {
    const packet = connect({ keepAliveSeconds: 0, ...changes })
    const raw = await RawClient.open(port)
    raw.send(encodePacket(packet, packet.version))
    await withPatience(Promise.race([raw.when(2), raw.closed]), 'CONNACK')
    const [connack] = decoded(raw, packet.version)
    if (connack?.type !== 'connack') throw new Error(`no CONNACK but ${raw.received}`)
    return new PacketClient(raw, packet.version, connack)
  }

  /** Everything after CONNACK, in order. */
  get packets(): readonly Packet[] {
    return decoded(this.raw, this.#version).slice(1)
  }

  all<Type extends PacketType>(type: Type): readonly PacketOf<Type>[] {
    return this.packets.filter((packet) => packet.type === type) as readonly Packet[] as readonly PacketOf<Type>[]
  }

  send(...packets: readonly Packet[]): void {
    this.raw.send(...packets.map((packet) => encodePacket(packet, this.#version)))
  }

  /** The nth packet of this type after CONNACK, from 1. */
  async when<Type extends PacketType>(type: Type, nth = 1): Promise<PacketOf<Type>> {
    await this.raw.when(codeOf(type), type === 'connack' ? nth + 1 : nth)
    return this.all(type)[nth - 1]!
  }

  /** What we sent so far was served, and what that brought to us is here. A ping would be answered out of turn. */
  async settle(): Promise<void> {
    const answered = this.all('unsuback').length
    this.send({ type: 'unsubscribe', packetId: 60_000, filters: ['nothing/of/ours'], properties: {} })
    await this.when('unsuback', answered + 1)
  }

  close(): void {
    this.raw.destroy()
  }
}

function decoded(raw: RawClient, version: ProtocolVersion): readonly Packet[] {
  return raw.packets.map(({ bytes }) => {
    const packet = decodePacket(bytes, 0, bytes.length, { version, sender: 'server' })
    if (isViolation(packet))
      throw new Error(`the broker sent ${bytes.toString('hex')}: ${packet.message} ${packet.rule}`)
    return packet
  })
}

function codeOf(type: PacketType): number {
  return Array.from({ length: 16 }, (_, code) => code).find((code) => packetTypeOf(code << 4) === type) ?? 0
}
