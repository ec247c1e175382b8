import { Connection } from '../../../connection/connection.ts'
import { leanDriver } from '../../../connection/driver/drivers.ts'
import { Publisher } from '../../../connection/publish/publisher.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import { MqttCliError } from '../../../errors.ts'
import { isFailure } from '../../../protocol/reason-code.ts'
import { notSubscribed } from './rendezvous-errors.ts'
import { encodeMessage, type RendezvousMessage, rendezvousTopic } from './rendezvous-message.ts'

/** A machine that vanished is noticed after one and a half of this: the broker publishes its will [MQTT-3.1.2-22]. */
const keepAliveSeconds = 10
const reconnectSeconds = 60
/** Answers to as many shards that come at once; each message is small. */
const identifiers = 20_000

interface LineParts {
  readonly run: string
  /** Of this shard. */
  readonly index: number
  /** Tells this process from another one that says it is the same shard. */
  readonly nonce: string
  readonly connection: ConnectionSettings
  readonly signal: AbortSignal
  /** Both topics are subscribed to: the first time, and after each loss. */
  readonly connected: () => void
  readonly heard: (payload: Buffer) => void
  /** What was said reached the broker. */
  readonly settled: () => void
  /** It will not come back. */
  readonly lost: (error: unknown) => void
}

/** The connection of one shard to where all meet: what is said to one of them or to all, and what comes. */
export class RendezvousLine {
  readonly #parts: LineParts
  readonly #publisher: Publisher
  readonly #connection: Connection
  /** Messages that the network, or the window, had no room for. */
  readonly #waiting: (readonly [topic: string, message: Buffer])[] = []
  #unsettled = 0

  constructor(parts: LineParts) {
    const template = { topic: rendezvousTopic(parts.run, 'all'), qos: 1, retain: false, properties: {} } as const
    const hooks = { ready: () => this.#sendWaiting(), settled: () => this.#settled() }
    this.#parts = parts
    this.#publisher = new Publisher(template, undefined, hooks, identifiers)
    this.#connection = new Connection({
      settings: this.#settings(),
      makeDriver: leanDriver,
      signal: parts.signal,
      publisher: this.#publisher,
      events: { connected: () => this.#connected() },
      sink: {
        message: ({ bytes, payloadStart, payloadEnd }) => {
          parts.heard(bytes.subarray(payloadStart, payloadEnd))
          return true
        },
        batchEnd: (written) => written(),
      },
    })
  }

  /** Throws kind 'unreachable' where nobody is there, and what else keeps a connection from standing. */
  async open(): Promise<void> {
    await this.#connection.open()
    this.#connection.finished.catch(this.#parts.lost)
  }

  get isConnected(): boolean {
    return this.#connection.isConnected
  }

  /** All that was said has reached the broker. */
  get isSettled(): boolean {
    return this.#unsettled + this.#waiting.length === 0
  }

  say(to: number | 'all', message: RendezvousMessage): void {
    this.#waiting.push([rendezvousTopic(this.#parts.run, to), encodeMessage(message)])
    this.#sendWaiting()
  }

  /**
   * At QoS 0: an acknowledgement that comes before the answer would hold it back in a broker that gathers small packets,
   * for the 40 ms that ours waits with its own. What does not go out is asked for again.
   */
  mail(to: number, bytes: Buffer): void {
    this.#publisher.topic = rendezvousTopic(this.#parts.run, to)
    this.#publisher.qos = 0
    this.#publisher.publish(bytes, 0, bytes.length, 0)
    this.#publisher.qos = 1
    this.#publisher.flush()
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  /** Without a word: the others hear the will. */
  abandon(): void {
    this.#connection.abandon(new MqttCliError('interrupted', 'Left the rendezvous', { tries: ['start it again'] }))
  }

  /** A session that ends with its connection, and a will that says so. */
  #settings(): ConnectionSettings {
    const { connection, run, index, nonce } = this.#parts
    const {
      sessionExpiryInterval: _,
      receiveMaximum: __,
      topicAliasMaximum: ___,
      ...properties
    } = connection.properties
    const gone = encodeMessage({ say: 'gone', from: index, nonce })
    return {
      ...connection,
      properties,
      disconnectProperties: {},
      clientId: `shard-${index}-${nonce.slice(0, 10)}`, // at most 23 characters [MQTT-3.1.3-5]
      cleanStart: true,
      cleanSession311: true,
      resumesUserSession: false,
      keepAliveSeconds,
      reconnect: { mode: 'for', seconds: reconnectSeconds },
      will: { topic: rendezvousTopic(run, 'all'), payload: gone, qos: 1, retain: false, properties: {} },
    }
  }

  async #connected(): Promise<void> {
    const { run, index, connected } = this.#parts
    const options = { qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 2 } as const
    for (const filter of [rendezvousTopic(run, 'all'), rendezvousTopic(run, index)]) {
      const { reasonCodes } = await this.#connection.subscribe([{ filter, ...options }], {})
      const code = reasonCodes.find((each) => isFailure(each))
      if (code !== undefined) throw notSubscribed(run, code)
    }
    connected()
  }

  #sendWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const [topic, message] = next
      this.#publisher.topic = topic
      if (this.#publisher.publish(message, 0, message.length, 0) === 'wait') break
      this.#unsettled++
      this.#waiting.shift()
    }
    this.#publisher.flush()
  }

  #settled(): void {
    this.#unsettled--
    this.#parts.settled()
  }
}
