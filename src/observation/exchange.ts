import type { Fact, PublishReference } from '../protocol/session/facts.ts'
import type { InspectedPacket } from './inspected-packet.ts'

/** Packets that belong together: a handshake, a request with its answer, or one packet that waits for nothing. */
export interface Exchange {
  readonly connection: number
  readonly kind: 'connect' | 'publish' | 'subscribe' | 'unsubscribe' | 'ping' | 'single'
  readonly publish?: PublishReference
  readonly steps: readonly InspectedPacket[]
  /** `open` where the end never came. */
  readonly outcome: 'complete' | 'refused' | 'open'
  /** From the first step to the last. */
  readonly elapsedMicroseconds: number
}

type Draft = Omit<Exchange, 'outcome' | 'elapsedMicroseconds'> & { readonly steps: InspectedPacket[] }

/** So many may be open at once and be drawn: beyond it the oldest is given up as unfinished. */
const mostOpen = 1000

/** Gathers one client's packets into exchanges. */
export class Exchanges {
  readonly #open = new Map<string, Draft>()

  /** The exchanges that this packet ends: itself included, when it stands alone. */
  take(packet: InspectedPacket): readonly Exchange[] {
    const { key, kind, publish, ending } = placeOf(packet)
    const draft = this.#open.get(key) ?? draftOf(packet, kind, publish)
    draft.steps.push(packet)
    if (ending !== undefined) {
      this.#open.delete(key)
      return [finished(draft, ending)]
    }
    this.#open.set(key, draft)
    return this.#open.size > mostOpen ? [this.#giveUpOldest()] : []
  }

  /** What never ended. */
  unfinished(): readonly Exchange[] {
    const left = [...this.#open.values()].map((draft) => finished(draft, 'open'))
    this.#open.clear()
    return left
  }

  #giveUpOldest(): Exchange {
    const [[key, draft]] = this.#open as unknown as [[string, Draft]]
    this.#open.delete(key)
    return finished(draft, 'open')
  }
}

function draftOf({ connection }: InspectedPacket, kind: Exchange['kind'], publish?: PublishReference): Draft {
  return { connection, kind, steps: [], ...(publish !== undefined && { publish }) }
}

function finished(draft: Draft, outcome: Exchange['outcome']): Exchange {
  const first = draft.steps[0]?.atMicroseconds ?? 0
  const last = draft.steps.at(-1)?.atMicroseconds ?? first
  return { ...draft, outcome, elapsedMicroseconds: last - first }
}

interface Place {
  readonly key: string
  readonly kind: Exchange['kind']
  readonly publish?: PublishReference
  /** Absent where more is to come. */
  readonly ending?: 'complete' | 'refused'
}

function placeOf(packet: InspectedPacket): Place {
  const fact = packet.facts.find(isOfPublish)
  return fact === undefined ? placeByType(packet) : placeOfPublish(packet, fact)
}

type PublishFact = Extract<Fact, { readonly publish: PublishReference }>

function isOfPublish(fact: Fact): fact is PublishFact {
  return 'publish' in fact
}

function placeOfPublish({ connection }: InspectedPacket, fact: PublishFact): Place {
  const { publish, kind } = fact
  const place = { key: `${connectionOf(connection, publish)}${publish.sender}#${publish.number}`, publish }
  if (kind === 'publish-refused') return { ...place, kind: 'publish', ending: 'refused' }
  const isOver = kind === 'publish-completed' || publish.qos === 0
  return { ...place, kind: 'publish', ...(isOver && { ending: 'complete' }) }
}

/** A publish in flight goes on over the next connection; its number is unique for the client all the same. */
function connectionOf(connection: number, publish: PublishReference): string {
  return publish.packetId === undefined ? `${connection} ` : ''
}

/** What opens or ends an exchange, by packet type; everything else stands alone. */
function placeByType({ connection, packet: sound, readable: packet = sound, facts }: InspectedPacket): Place {
  const alone: Place = { key: 'alone', kind: 'single', ending: 'complete' }
  switch (packet?.type) {
    case 'connect':
    case 'auth':
      return { key: `${connection} connect`, kind: 'connect' }
    case 'connack':
      return { key: `${connection} connect`, kind: 'connect', ending: packet.reasonCode === 0 ? 'complete' : 'refused' }
    case 'subscribe':
    case 'unsubscribe':
      return { key: `${connection} request ${packet.packetId}`, kind: packet.type }
    case 'suback':
    case 'unsuback': {
      const kind = packet.type === 'suback' ? 'subscribe' : 'unsubscribe'
      const refused = facts.some((fact) => fact.kind === 'subscription-refused')
      return { key: `${connection} request ${packet.packetId}`, kind, ending: refused ? 'refused' : 'complete' }
    }
    case 'pingreq':
      return { key: `${connection} ping`, kind: 'ping' }
    case 'pingresp':
      return { key: `${connection} ping`, kind: 'ping', ending: 'complete' }
    default:
      return alone
  }
}
