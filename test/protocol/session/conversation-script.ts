import { observe } from '../../../src/protocol/session/conversation.ts'
import { type Conversation, startConversation } from '../../../src/protocol/session/conversation-state.ts'
import type { Fact } from '../../../src/protocol/session/facts.ts'
import type { Packet, ProtocolVersion, Sender } from '../../../src/protocol/wire/packet.ts'
import { connack, connect } from '../../support/packets/packets.ts'

/** A conversation that is told packet by packet; each comes 10 µs after the one before. */
export class Script {
  conversation: Conversation
  #atMicroseconds = 0

  constructor(conversation: Conversation = startConversation()) {
    this.conversation = conversation
  }

  client(packet: Packet, packetBytes?: number): readonly Fact[] {
    return this.#tell('client', packet, packetBytes)
  }

  server(packet: Packet, packetBytes?: number): readonly Fact[] {
    return this.#tell('server', packet, packetBytes)
  }

  #tell(sender: Sender, packet: Packet, packetBytes?: number): readonly Fact[] {
    const info = packetBytes === undefined ? {} : { packetBytes }
    const { conversation, facts } = observe(this.conversation, sender, packet, this.#atMicroseconds, info)
    this.conversation = conversation
    this.#atMicroseconds += 10
    return facts
  }
}

/** With CONNECT at 0 µs and CONNACK at 10 µs behind it. */
export function connected(version: ProtocolVersion = 5, server = connack(), client = connect()): Script {
  const script = new Script()
  script.client({ ...client, version })
  script.server(server)
  return script
}

export function kinds(facts: readonly Fact[]): string[] {
  return facts.map(({ kind }) => kind)
}

/** The rules that the facts say were broken. */
export function rules(facts: readonly Fact[]): string[] {
  return facts.flatMap((fact) =>
    fact.kind === 'statement-violated' || fact.kind === 'limit-exceeded' ? fact.rule : [],
  )
}
