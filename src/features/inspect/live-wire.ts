import { monotonicNanoseconds } from '../../connection/clock.ts'
import type { Tap } from '../../connection/establish.ts'
import { tapTransport } from '../../connection/transport/tap.ts'
import { transportStepsOf } from '../../connection/transport/transport-steps.ts'
import { Exchanges } from '../../observation/exchange.ts'
import type { Finding } from '../../observation/finding.ts'
import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import { OpeningWatch } from '../../observation/opening.ts'
import { isShown, type PacketFilter } from '../../observation/packet-filter.ts'
import { shownExchanges } from '../../observation/shown-exchanges.ts'
import { StreamReader } from '../../observation/stream-reader.ts'
import { SummaryCounter } from '../../observation/summary.ts'
import type { Conversation } from '../../protocol/session/conversation-state.ts'

interface LiveWireOptions {
  readonly filter: PacketFilter
  /** Without a SUBSCRIBE the opening ends with CONNACK. */
  readonly subscribes: boolean
  readonly onFinding: (finding: Finding) => void
  /** After each packet, when its findings have been told. */
  readonly onPacket: () => void
}

/** The wire of our own connection, as findings. Packets are held back until the opening is known, so that it comes first. */
export class LiveWire {
  readonly #startNanoseconds = monotonicNanoseconds()
  readonly #options: LiveWireOptions
  readonly #reader = new StreamReader((packet) => this.#packet(packet))
  readonly #exchanges = new Exchanges()
  readonly #counter: SummaryCounter
  #held: Finding[] | undefined
  #opening: OpeningWatch | undefined
  #connections = 0
  #isAbandoning = false

  constructor(options: LiveWireOptions) {
    this.#options = options
    this.#counter = new SummaryCounter(options.filter)
  }

  get conversation(): Conversation | undefined {
    return this.#reader.conversation
  }

  /** For each transport that is opened. */
  readonly tap: Tap = (transport, timings) => {
    this.#closed()
    const connection = ++this.#connections
    this.#reader.opened(connection)
    this.#held = []
    this.#opening = new OpeningWatch(connection, transportStepsOf(timings), this.#microseconds(monotonicNanoseconds()))
    return tapTransport(transport, (direction, bytes, atNanoseconds) => {
      this.#reader.push({ direction, bytes, connection, atMicroseconds: this.#microseconds(atNanoseconds) })
    })
  }

  /** What never came to its end, and the summary. Nothing where nothing passed. `isOurs`: nobody else ended it. */
  end(isOurs: boolean): void {
    this.#isAbandoning = isOurs
    this.#closed()
    if (this.#connections === 0) return
    for (const finding of shownExchanges(this.#exchanges.unfinished(), this.#options.filter)) this.#tell(finding)
    this.#tell({ finding: 'summary', summary: this.#counter.summary(this.#reader.conversation, isOurs) })
  }

  #closed(): void {
    this.#reader.ended(this.#microseconds(monotonicNanoseconds()))
    this.#release()
  }

  #packet(packet: InspectedPacket): void {
    const { filter } = this.#options
    const isWanted = isShown(filter, packet)
    this.#counter.take(packet, isWanted, this.#isAbandoning)
    const isOpen = this.#opening?.take(packet) === true || this.#isAccepted(packet)
    if (isWanted) this.#tell({ finding: 'packet', packet })
    for (const finding of shownExchanges(this.#exchanges.take(packet), filter)) this.#tell(finding)
    if (isOpen) this.#release()
    this.#noteFirstMessage(packet)
    this.#options.onPacket()
  }

  #isAccepted({ packet }: InspectedPacket): boolean {
    return packet?.type === 'connack' && !this.#options.subscribes
  }

  #noteFirstMessage({ packet, sender, atMicroseconds }: InspectedPacket): void {
    if (packet?.type !== 'publish' || sender !== 'server') return
    const message = this.#opening?.firstMessage(atMicroseconds)
    if (message !== undefined) this.#tell({ finding: 'first-message', message })
  }

  #tell(finding: Finding): void {
    if (this.#held === undefined) this.#options.onFinding(finding)
    else this.#held.push(finding)
  }

  /** The opening is known, or over: it is told, and then what waited. */
  #release(): void {
    const held = this.#held
    this.#held = undefined
    if (held === undefined || this.#opening === undefined) return
    this.#options.onFinding({ finding: 'opening', opening: this.#opening.opening() })
    for (const finding of held) this.#options.onFinding(finding)
  }

  #microseconds(atNanoseconds: bigint): number {
    return Number(atNanoseconds - this.#startNanoseconds) / 1000
  }
}
