// The demonstration: a script of clients on a broker in this process, told as events. What publishes and subscribes is handed
// in, so that it is the real commands that are shown. Begin here; script.ts has what is said.

import { MqttCliError } from '../../errors.ts'
import type { WireEvent } from '../../protocol/session/wire-event.ts'
import type { PublishView } from '../../protocol/wire/publish-view.ts'
import type { DemoEvent, DemoSection } from './events.ts'
import { type DemoMessage, demoFilter, demoMessages, strangersMessage } from './script.ts'

/** What the demonstration needs done: the publishing and subscribing of the real commands, handed in. */
export interface DemoStage {
  /** Resolves when the subscription stands. */
  subscribe(client: string, filter: string, sees: Watch, arrived: (message: PublishView) => void): Promise<Subscriber>
  /** One connection, one message; with a wrong password it throws what the broker said. */
  publish(client: string, message: DemoMessage, sees: Watch, password: 'right' | 'wrong'): Promise<void>
  /** Time to read what was just told. */
  pause(): Promise<void>
}

/** Hears of each packet of a client. */
type Watch = (event: WireEvent) => void

export interface Subscriber {
  /** Rejects with the reason when it ends by itself. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** The main job in four scenes, each of them real: a broker, clients, and the packets between them. */
export async function runDemo(stage: DemoStage, tell: (event: DemoEvent) => void): Promise<void> {
  const demo = new Demo(stage, tell)
  await demo.scene('subscriber', () => demo.subscribe())
  await demo.scene('messages', () => demo.publishAll())
  await demo.scene('handshake', () => demo.handshake())
  await demo.scene('refusal', () => demo.refusal())
  await demo.end()
}

class Demo {
  readonly #stage: DemoStage
  readonly #tell: (event: DemoEvent) => void
  /** Every packet so far, by client. */
  readonly #seen = new Map<string, WireEvent[]>()
  #subscriber: Subscriber | undefined
  #publisher = ''
  #onArrived: () => void = () => {}

  constructor(stage: DemoStage, tell: (event: DemoEvent) => void) {
    this.#stage = stage
    this.#tell = tell
  }

  async scene(section: DemoSection, play: () => Promise<void>): Promise<void> {
    await this.#stage.pause()
    this.#tell({ event: 'section', section })
    await play()
  }

  async subscribe(): Promise<void> {
    const arrived = (message: PublishView) => this.#arrived(message)
    this.#subscriber = await this.#stage.subscribe('subscriber', demoFilter, this.#watch('subscriber'), arrived)
    this.#tell({ event: 'subscribed', filter: demoFilter, qos: 2 })
  }

  async publishAll(): Promise<void> {
    for (const message of demoMessages) {
      this.#publisher = publisherOf(message)
      const arrived = new Promise<void>((resolve) => {
        this.#onArrived = resolve
      })
      await this.#stage.publish(this.#publisher, message, this.#watch(this.#publisher), 'right')
      await Promise.race([arrived, this.#subscriber?.ended])
    }
  }

  async handshake(): Promise<void> {
    const client = this.#publisher
    const steps = this.#seenOf(client).filter(({ packet }) => handshakePackets.has(packet?.type ?? ''))
    const done = steps.flatMap(({ facts }) => facts).find((fact) => fact.kind === 'publish-completed')
    if (done === undefined) throw new Error('a QoS 2 publish ended without its PUBCOMP')
    const { topic } = done.publish
    this.#tell({ event: 'handshake', client, topic, steps, elapsedMicroseconds: done.elapsedMicroseconds })
  }

  async refusal(): Promise<void> {
    const client = 'stranger'
    const error = await this.#stage.publish(client, strangersMessage, this.#watch(client), 'wrong').then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof MqttCliError) || error.kind !== 'refused') throw error
    const steps = this.#seenOf(client).filter(({ packet }) => openingPackets.has(packet?.type ?? ''))
    this.#tell({ event: 'refused', client, error, steps })
  }

  async end(): Promise<void> {
    await this.#subscriber?.stop()
    await this.#stage.pause()
    this.#tell({ event: 'ended' })
  }

  #watch(client: string): Watch {
    return (wire) => {
      this.#seenOf(client).push(wire)
      this.#tell({ event: 'packet', client, wire })
    }
  }

  #seenOf(client: string): WireEvent[] {
    const seen = this.#seen.get(client) ?? []
    this.#seen.set(client, seen)
    return seen
  }

  #arrived(message: PublishView): void {
    const { bytes, payloadStart, payloadEnd, qos, retain } = message
    const payload = Buffer.from(bytes.subarray(payloadStart, payloadEnd))
    const elapsedMicroseconds = this.#lastPublishAt('subscriber') - this.#lastPublishAt(this.#publisher)
    const properties = message.properties()
    this.#tell({
      event: 'arrived',
      message: { topic: message.topic(), payload, qos, retain, properties, elapsedMicroseconds },
    })
    this.#onArrived()
  }

  #lastPublishAt(client: string): number {
    return this.#seenOf(client).findLast(({ packet }) => packet?.type === 'publish')?.atMicroseconds ?? 0
  }
}

const handshakePackets: ReadonlySet<string> = new Set(['publish', 'pubrec', 'pubrel', 'pubcomp'])
const openingPackets: ReadonlySet<string> = new Set(['connect', 'connack'])

function publisherOf({ qos }: DemoMessage): string {
  return `publisher-qos${qos}`
}
