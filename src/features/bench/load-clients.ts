import { setMaxListeners } from 'node:events'
import type { LinkEnd } from '../../connection/link.ts'
import type { MessageSink } from '../../connection/receiver.ts'
import { MqttCliError } from '../../errors.ts'
import { arrivalSchedule } from './arrival-schedule.ts'
import { BenchClient } from './bench-client.ts'
import { filterOfAll } from './client-pattern.ts'
import { clientSettings } from './client-settings.ts'
import { connectAll } from './connect-all.ts'
import { isCountedOnly, LoadPayloads } from './load-payloads.ts'
import { LoadPublisher } from './load-publisher.ts'
import type { LoadRecords } from './load-records.ts'
import type { ConnectStep, PublisherFacts, ShareContext } from './load-share.ts'
import { LoadSubscriber } from './load-subscriber.ts'
import { LoadTopics } from './load-topics.ts'
import { MessageMatcher } from './message-matcher.ts'
import { nobodyThere } from './nobody-there.ts'
import type { RateCurve } from './rate-curve.ts'
import { RpcResponder } from './rpc-responder.ts'
import type { BenchSettings } from './settings.ts'
import { isLastSlice, publishersOf, subscribersOf } from './share-slice.ts'
import { withStamp } from './stamp-property.ts'

const readBufferBytes = 64 * 1024
const firstFailure = 0x80

/** One thread's connections of a run: opened in their order and at their rate, watched, and left. */
export class LoadClients {
  readonly topics: LoadTopics
  readonly publishers: LoadPublisher[] = []
  readonly subscribers: LoadSubscriber[] = []
  /** The first reason for which a client was lost. */
  failure: MqttCliError | undefined
  alivePublishers = 0
  aliveSubscribers = 0
  readonly #context: ShareContext
  readonly #records: LoadRecords
  readonly #curve: RateCurve | undefined
  /** A publisher that was held up may go on. */
  readonly #unblocked: (publisher: LoadPublisher) => void
  readonly #clients: BenchClient[] = []
  readonly #payloads: LoadPayloads
  readonly #readBuffer = Buffer.allocUnsafeSlow(readBufferBytes)
  /** Arrivals of each shared subscription, by filter. */
  readonly #groups = new Map<string, MessageMatcher['publishers']>()
  readonly #stopConnecting = new AbortController()
  #hasFirst = false
  #isLeaving = false

  constructor(
    context: ShareContext,
    records: LoadRecords,
    curve: RateCurve | undefined,
    unblocked: (publisher: LoadPublisher) => void,
  ) {
    this.#context = context
    this.#records = records
    this.#curve = curve
    this.#unblocked = unblocked
    this.topics = new LoadTopics(context.settings, this.#runName)
    this.#payloads = new LoadPayloads(context.settings, context.runId, this.#runName)
    setMaxListeners(0, this.#stopConnecting.signal)
  }

  get isRpc(): boolean {
    return this.#context.settings.mode === 'rpc'
  }

  get publisherFacts(): readonly PublisherFacts[] {
    return this.publishers.map(({ index, firstMeasured, sequence }) => {
      return { index, topic: this.topics.topicOf(index), firstMeasured, sequence }
    })
  }

  stopConnecting(): void {
    this.#stopConnecting.abort(new MqttCliError('interrupted', 'Stopped while it connected'))
  }

  /** What was written before has reached the broker, or the limit has passed; then DISCONNECT. */
  async leave(limitMs: number): Promise<void> {
    const limit = new Promise<void>((resolve) => setTimeout(resolve, limitMs).unref())
    const pings = this.#clients.map(({ established }) => established.link.ping().catch(() => {}))
    await Promise.race([Promise.all(pings), limit])
    this.#isLeaving = true
    await Promise.all(this.#clients.map((client) => client.leave()))
  }

  get #runName(): string {
    return this.#context.runId.toString(16).padStart(8, '0')
  }

  /** Subscribers first: nothing may be published before everybody listens. */
  async connect(step: ConnectStep): Promise<void> {
    const { settings, slice } = this.#context
    if (step === 'first') await this.#connectFirst()
    else if (step === 'subscribers') {
      const rest = subscribersOf(settings, slice, this.topics).filter((index) => index > 0 || !this.#hasFirst)
      await this.#connectMany(rest, (index) => this.#openSubscriber(index))
    } else if (step === 'responder') {
      if (isLastSlice(slice)) await this.#connectMany([0], () => this.#openResponder())
    } else {
      const rest = publishersOf(settings, slice).filter((index) => index > 0 || !this.#hasFirst || this.#isHeard)
      await this.#connectMany(rest, (index) => this.#openPublisher(index))
      this.publishers.sort((a, b) => a.index - b.index)
    }
  }

  /** Somebody of the run subscribes; then the first client is a subscriber. */
  get #isHeard(): boolean {
    return this.#context.settings.subscribers > 0
  }

  /** Finds out the version for all, and whether anybody is there at all: a load that nobody takes is no result. */
  async #connectFirst(): Promise<void> {
    this.#hasFirst = true
    let failure: unknown
    await this.#connectMany([0], async () => {
      const opening = this.#isHeard ? this.#openSubscriber(0, 'auto') : this.#openPublisher(0, 'auto')
      await opening.catch((error: unknown) => {
        failure = error
        throw error
      })
    })
    if (failure instanceof MqttCliError && failure.kind === 'unreachable') throw nobodyThere(failure)
  }

  async #connectMany(indices: readonly number[], open: (index: number) => Promise<void>): Promise<void> {
    const { settings, slice } = this.#context
    await connectAll({
      count: indices.length,
      ratePerSecond: settings.connectRatePerSecond / slice.of,
      signal: this.#stopConnecting.signal,
      tally: this.#records.connect,
      open: (number) => open(indices[number]!),
    })
  }

  async #openClient(index: number, first: 'auto' | undefined, sink?: MessageSink): Promise<BenchClient> {
    const { settings } = this.#context
    const own = clientSettings(settings.connection, settings.clients, index, this.#runName)
    const client = await BenchClient.open({
      settings: own,
      version: first === undefined ? this.#records.version : own.version,
      signal: this.#stopConnecting.signal,
      readBuffer: this.#readBuffer,
      ...(sink && { sink }),
    })
    this.#records.version = client.established.version
    this.#records.arrived.isCountedOnly = isCountedOnly(settings, client.established.version)
    client.established.link.readsInBulk = settings.mode === 'pub' && settings.load.mode === 'saturate'
    this.#clients.push(client)
    return client
  }

  async #openSubscriber(index: number, first?: 'auto'): Promise<void> {
    const { settings } = this.#context
    const filter = this.topics.filterOf(index)
    const subscriber = new LoadSubscriber(index, filter, this.#matcherOf(filter))
    const client = await this.#openClient(index, first, subscriber)
    this.aliveSubscribers++
    this.#watch(client, () => {
      this.aliveSubscribers--
    })
    const shared = settings.share === undefined ? filter : `$share/${settings.share}/${filter}`
    const options = { qos: settings.qos, noLocal: false, retainAsPublished: false, retainHandling: 2 } as const
    const suback = await client.established.link.driver.subscribe([{ filter: shared, ...options }], {})
    if ((suback.reasonCodes[0] ?? firstFailure) >= firstFailure) throw this.#subscriptionRefused(suback.reasonCodes[0])
    subscriber.isSubscribed = true
    this.subscribers.push(subscriber)
  }

  #matcherOf(filter: string): MessageMatcher {
    if (this.#context.settings.share === undefined) return new MessageMatcher(this.#records.arrived)
    const group = this.#groups.get(filter) ?? []
    this.#groups.set(filter, group)
    return new MessageMatcher(this.#records.arrived, group)
  }

  /** Subscribes to every requester's topic, and answers. */
  async #openResponder(): Promise<void> {
    const { settings } = this.#context
    const responder = new RpcResponder(settings.qos, this.#correlationData, settings.payload !== undefined)
    const client = await this.#openClient(settings.subscribers + settings.publishers, undefined, responder)
    client.publishWith(responder.publisher)
    this.aliveSubscribers++
    this.#watch(client, () => {
      this.aliveSubscribers = 0 // nobody answers any more
    })
    const options = { qos: settings.qos, noLocal: false, retainAsPublished: false, retainHandling: 2 } as const
    const filter = filterOfAll(settings.topic)
    const suback = await client.established.link.driver.subscribe([{ filter, ...options }], {})
    if ((suback.reasonCodes[0] ?? firstFailure) >= firstFailure) throw this.#subscriptionRefused(suback.reasonCodes[0])
  }

  get #correlationData(): Buffer {
    return Buffer.from(this.#runName, 'hex')
  }

  #subscriptionRefused(code: number | undefined): MqttCliError {
    return new MqttCliError('refused', 'The broker refused a subscription', {
      layer: 'SUBACK',
      reasonName: `SUBACK ${this.#records.published.reasonName(code ?? firstFailure)}`,
      tries: ['look at the broker’s access rules for the topic filter', 'another --topic or --filter'],
    })
  }

  async #openPublisher(index: number, first?: 'auto'): Promise<void> {
    const { settings } = this.#context
    const client = await this.#openClient(settings.subscribers + index, first)
    const publisher = this.#publisher(index)
    client.publishWith(publisher.publisher)
    this.#refuseTooLarge(client, publisher)
    this.alivePublishers++
    this.#watch(client, () => {
      this.alivePublishers--
    })
    this.publishers.push(publisher)
  }

  #publisher(index: number): LoadPublisher {
    const { settings } = this.#context
    const { qos, retain, properties, connection } = settings
    const stamp = this.#payloads.stampOf(index, this.#records.version)
    const messages = shareOf(settings.end, index, settings.publishers)
    return new LoadPublisher({
      index,
      topic: this.topics.topicOf(index),
      ...(this.topics.differByMessage && { topicOf: (sequence) => this.topics.topicOf(index, sequence) }),
      template: {
        qos,
        retain,
        properties: { ...withStamp(properties, stamp), ...(this.isRpc && this.#rpcProperties(index)) },
      },
      ...(connection.inflightMaximum !== undefined && { inflightMaximum: connection.inflightMaximum }),
      payload: this.#payloads.payloadOf(index, stamp),
      records: this.#records.published,
      messages,
      ...(this.#curve !== undefined && { schedule: this.#schedule(this.#curve, index, messages) }),
      unblocked: this.#unblocked,
    })
  }

  #rpcProperties(requester: number) {
    return { responseTopic: this.topics.replyTopicOf(requester), correlationData: this.#correlationData }
  }

  #schedule(curve: RateCurve, publisher: number, messages: number) {
    const { load, publishers } = this.#context.settings
    const arrival = load.mode === 'paced' ? load.arrival : 'uniform'
    return arrivalSchedule({ curve, publisher, publishers, messages }, arrival, Math.random)
  }

  #refuseTooLarge({ established }: BenchClient, { publisher }: LoadPublisher): void {
    const { maximumPacketSize } = established.limits
    const [, largest] = this.#context.settings.payloadBytes
    if (publisher.takes(largest)) return
    throw new MqttCliError('refused', `The broker takes packets of at most ${maximumPacketSize} bytes`, {
      layer: 'CONNACK',
      reasonName: 'above the Maximum Packet Size',
      tries: ['smaller messages: --size, --template, --payload-file'],
    })
  }

  #watch(client: BenchClient, gone: () => void): void {
    void client.lost.then((end: LinkEnd | undefined) => {
      if (end === undefined || this.#isLeaving) return
      this.failure ??= end.error
      this.#records.connect.lose(end.error)
      gone()
    })
  }
}

/** Messages of one publisher where a number of messages ends the run: evenly, the first ones one more. */
function shareOf(end: BenchSettings['end'], index: number, publishers: number): number {
  if (end.by === 'duration') return Number.POSITIVE_INFINITY
  return Math.floor(end.count / publishers) + (index < end.count % publishers ? 1 : 0)
}
