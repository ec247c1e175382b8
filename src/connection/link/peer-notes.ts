import type { PacketType } from '../../protocol/wire/packet.ts'
import type { Violation } from '../../protocol/wire/violation.ts'

/** A broker that goes wrong with every packet must not fill a screen. */
const mostNotes = 10

/** What a connection says of a broker that is a little wrong, and goes on: a few sentences, then silence. */
export class PeerNotes {
  readonly #note: (message: string) => void
  #count = 0

  constructor(note: (message: string) => void) {
    this.#note = note
  }

  unusedIdentifier(type: PacketType, packetId: number): void {
    this.#say(`${type.toUpperCase()} for packet identifier ${packetId}, which is not in use`)
  }

  reservedFlags({ packet, message, rule }: Violation): void {
    this.#say(`${packet?.toUpperCase()}: ${message} ${rule}; let pass`)
  }

  #say(message: string): void {
    if (++this.#count > mostNotes) return
    this.#note(this.#count < mostNotes ? message : `${message}; of this connection no more is said`)
  }
}
