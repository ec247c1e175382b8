import { connect, createServer, type Socket } from 'node:net'
import type { PacketType, Sender } from '../../../src/protocol/wire/packet.ts'
import { type CutPacket, FrameCutter } from '../packets/frame-cutter.ts'
import { Changing } from '../program/patience.ts'
import type { Reach } from '../transports/reach.ts'
import { startTerminator } from '../transports/terminator.ts'
import { listen } from './free-port.ts'
import { resetConnection } from './reset-connection.ts'

/** Where the line is cut. `from` is who sent the bytes. */
export type CutPoint =
  | { readonly from: Sender; readonly afterBytes: number }
  /** Counted by packets of that type from that side, from 1. 'inside' lets `insideBytes` through, or half of it. */
  | {
      readonly from: Sender
      readonly where: 'before' | 'inside' | 'after'
      readonly packet: PacketType
      readonly nth?: number
      readonly insideBytes?: number
    }

export interface LinePlan {
  readonly cut?: CutPoint
  /**
   * What the client sees of the cut; FIN by default. Node takes a reset right behind bytes for an ordinary end. The
   * broker always sees a FIN, so that it reads what it got.
   */
  readonly how?: 'fin' | 'rst'
  /** Packets that arrive at the proxy and go no further; the connection lives on. */
  readonly withhold?: readonly { readonly from: Sender; readonly packet: PacketType }[]
}

export interface RecordedPacket extends CutPacket {
  readonly from: Sender
  /** Whole. One that was cut inside was not. */
  readonly forwarded: boolean
}

/** Its flags lead to it over the transport of this run. */
export interface CuttingProxy extends Reach {
  /** For TCP. */
  readonly port: number
  readonly lines: readonly ProxiedLine[]
  /** The connection with this index, counted from 0, as soon as there is one. */
  line(index: number): Promise<ProxiedLine>
  /** Ends what is open. For `t.after(proxy.close)`. */
  readonly close: () => void
}

/** Between a client and a real broker: records both directions; each connection follows its plan, the rest pass. */
export async function startCuttingProxy(brokerPort: number, plans: readonly LinePlan[] = []): Promise<CuttingProxy> {
  const lines: ProxiedLine[] = []
  const changing = new Changing()
  const server = createServer({ noDelay: true }, (client) => {
    const broker = connect({ host: '127.0.0.1', port: brokerPort, noDelay: true })
    lines.push(new ProxiedLine(client, broker, plans[lines.length] ?? {}))
    changing.changed()
  })
  const port = await listen(server)
  const terminator = await startTerminator(port)
  return {
    ...terminator,
    port,
    lines,
    line: (index) => changing.when(() => lines[index], `connection ${index} through the proxy`),
    close: () => {
      terminator.close()
      server.close()
      for (const line of lines) line.destroy()
    },
  }
}

/** One connection through the proxy. */
export class ProxiedLine {
  /** Both directions, in the order in which they came. */
  readonly packets: RecordedPacket[] = []
  readonly #sockets: Readonly<Record<Sender, Socket>>
  readonly #plan: LinePlan
  readonly #changing = new Changing()
  readonly #cutters = { client: new FrameCutter(), server: new FrameCutter() }
  readonly #arrived: Record<Sender, Buffer[]> = { client: [], server: [] }
  readonly #arrivedBytes = { client: 0, server: 0 }
  #isCut = false
  #isFrozen = false
  #isClosed = false

  constructor(client: Socket, broker: Socket, plan: LinePlan) {
    this.#sockets = { client, server: broker }
    this.#plan = plan
    this.#join('client', client, broker)
    this.#join('server', broker, client)
  }

  /** Every byte that this side has sent. */
  bytesFrom(sender: Sender): Buffer {
    return Buffer.concat(this.#arrived[sender])
  }

  packetsFrom(sender: Sender): RecordedPacket[] {
    return this.packets.filter(({ from }) => from === sender)
  }

  whenPacket(from: Sender, type: PacketType, nth = 1): Promise<RecordedPacket> {
    const look = () => this.packetsFrom(from).filter((packet) => packet.type === type)[nth - 1]
    return this.#changing.when(look, () => `${type} number ${nth} from the ${from}; came: ${this.#shown(from)}`)
  }

  whenCut(): Promise<true> {
    return this.#changing.when(
      () => this.#isCut || undefined,
      () => `the cut; client: ${this.#shown('client')}; server: ${this.#shown('server')}`,
    )
  }

  whenClosed(): Promise<true> {
    return this.#changing.when(() => this.#isClosed || undefined, 'the end of the connection')
  }

  /** Cuts now. */
  cut(how: 'fin' | 'rst' = this.#plan.how ?? 'fin'): void {
    this.#isCut = true
    const { client, server } = this.#sockets
    server.end()
    if (how === 'rst') resetConnection(client)
    else client.end()
    this.#changing.changed()
  }

  /** From now on nothing passes in either direction, and nobody is told: a cable pulled out. */
  freeze(): void {
    this.#isFrozen = true
  }

  destroy(): void {
    for (const socket of Object.values(this.#sockets)) socket.destroy()
  }

  #join(from: Sender, source: Socket, destination: Socket): void {
    source.on('error', () => {})
    source.on('data', (bytes: Buffer) => {
      this.#arrived[from].push(bytes)
      this.#arrivedBytes[from] += bytes.length
      const passed = this.#isFrozen || this.#isCut ? true : this.#pass(from, bytes, destination)
      if (!passed) source.pause()
      this.#changing.changed()
    })
    destination.on('drain', () => source.resume())
    source.once('close', (hadError) => {
      this.#isClosed = true
      if (!this.#isFrozen && hadError && !this.#isCut) resetConnection(destination)
      else if (!this.#isFrozen) destination.end()
      this.#changing.changed()
    })
  }

  /** Returns false when the destination has enough for now. */
  #pass(from: Sender, bytes: Buffer, destination: Socket): boolean {
    const packets = this.#cutters[from].push(bytes)
    if (!this.#plansPackets(from)) {
      for (const packet of packets) this.packets.push({ ...packet, from, forwarded: true })
      return this.#passBytes(from, bytes, destination)
    }
    for (const packet of packets) this.#passPacket(from, packet, destination)
    return !destination.writableNeedDrain
  }

  #plansPackets(from: Sender): boolean {
    const { cut, withhold = [] } = this.#plan
    return (cut?.from === from && 'packet' in cut) || withhold.some((one) => one.from === from)
  }

  #passBytes(from: Sender, bytes: Buffer, destination: Socket): boolean {
    const cut = this.#plan.cut
    if (cut?.from !== from || !('afterBytes' in cut) || this.#arrivedBytes[from] < cut.afterBytes) {
      return destination.write(bytes)
    }
    const before = this.#arrivedBytes[from] - bytes.length
    this.#cutAfter(bytes.subarray(0, cut.afterBytes - before), destination)
    return true
  }

  #passPacket(from: Sender, packet: CutPacket, destination: Socket): void {
    if (this.#isCut) return
    const allowed = this.#allowedBytes(from, packet)
    this.packets.push({ ...packet, from, forwarded: allowed.bytes === packet.bytes.length })
    const bytes = packet.bytes.subarray(0, allowed.bytes)
    if (allowed.thenCut) this.#cutAfter(bytes, destination)
    else if (bytes.length > 0) destination.write(bytes)
  }

  #allowedBytes(from: Sender, { type, bytes }: CutPacket): { bytes: number; thenCut: boolean } {
    const { cut, withhold = [] } = this.#plan
    if (cut !== undefined && 'packet' in cut && cut.from === from && cut.packet === type) {
      const already = this.packetsFrom(from).filter((packet) => packet.type === type).length
      if (already + 1 === (cut.nth ?? 1)) {
        const inside = cut.insideBytes ?? Math.floor(bytes.length / 2)
        return { bytes: { before: 0, inside, after: bytes.length }[cut.where], thenCut: true }
      }
    }
    const withheld = withhold.some((one) => one.from === from && one.packet === type)
    return { bytes: withheld ? 0 : bytes.length, thenCut: false }
  }

  /** The last bytes must be with the kernel before a reset, which throws away what is not. */
  #cutAfter(bytes: Buffer, destination: Socket): void {
    this.#isCut = true
    if (bytes.length === 0) this.cut()
    else destination.write(bytes, () => this.cut())
  }

  #shown(from: Sender): string {
    return this.packetsFrom(from)
      .map(({ type }) => type)
      .join(' ')
  }
}
