import { Abort } from '../../../connection/abort.ts'
import { epochMicroseconds } from '../../../connection/clock.ts'
import { BulkReader } from '../../../connection/link/bulk-reader.ts'
import type { MessageSink } from '../../../connection/link/receiver.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import type { TransportMemory } from '../../../connection/transport/transport.ts'
import { MqttCliError } from '../../../errors.ts'
import { runNameOf } from '../bench-context.ts'
import { connectAll } from '../clients/connect-all.ts'
import { ConnectTurns } from '../clients/connect-turns.ts'
import { LoadClient } from '../clients/load-client.ts'
import type { LoadCounters } from '../clients/load-counters.ts'
import type { LoadPublisher } from '../clients/load-publisher.ts'
import { probedVersion } from '../clients/probe-version.ts'
import { PublisherFactory, refuseTooLarge } from '../clients/publisher-factory.ts'
import { ReadFence } from '../clients/read-fence.ts'
import { RpcResponder } from '../clients/rpc-responder.ts'
import { subscribeClient } from '../clients/subscribe-client.ts'
import { isSlow, SubscriberFactory } from '../clients/subscriber-factory.ts'
import { isCountedOnly } from '../messages/load-payloads.ts'
import type { LoadSubscriber } from '../messages/message-matcher.ts'
import { Audience } from '../naming/audience.ts'
import { clientSettings } from '../naming/client-settings.ts'
import { filterOfAll } from '../naming/expand-placeholders.ts'
import { FilterTree } from '../naming/filter-tree.ts'
import { LoadTopics } from '../naming/load-topics.ts'
import type { RateCurve } from '../pace/arrival-schedule.ts'
import type { FlightWindow } from '../pace/flight-window.ts'
import { type BenchSettings, type ShardSide, wholeOf } from '../settings.ts'
import type { ConnectStep, PublisherFacts, WorkerContext } from './load-worker.ts'
import { mostSevereError } from './most-severe-error.ts'
import { among, firstNumber, hasResponder, isLastSlice, publishersOf, subscribersOf } from './worker-slice.ts'

const readBufferBytes = 64 * 1024
/** Who is slow on purpose has little in hand: what waits for it waits at the broker. */
const slowReadBufferBytes = 1024

/** Where a full queue is all that times could tell of: a millisecond more is nothing in it, and reading costs a tenth. */
function readsInBulk({ mode, load, qos }: BenchSettings): boolean {
  return load.mode === 'saturate' && (mode === 'pub' || (mode === 'pubsub' && qos === 0))
}

const mostFencesAtOnce = 50

/** One that connects at once. */
const alone: ShardSide = { numbers: [0], places: [0] }

type Side = 'publishers' | 'subscribers' | 'responders'

/** One thread's connections of a run: opened in their order and at their rate, watched, and left. */
export class WorkerClients {
  readonly topics: LoadTopics
  readonly publishers: LoadPublisher[] = []
  readonly subscribers: LoadSubscriber[] = []
  /** Connected, or on their way back. */
  readonly alive: Record<Side, number> = { publishers: 0, subscribers: 0, responders: 0 }
  /** The most severe reason for which a client is gone for good. */
  failure: MqttCliError | undefined
  readonly #context: WorkerContext
  readonly #runName: string
  readonly #counters: LoadCounters
  readonly #window: FlightWindow | undefined
  readonly #publisherFactory: PublisherFactory
  readonly #subscriberFactory: SubscriberFactory
  readonly #clients: LoadClient[] = []
  readonly #readBuffer = Buffer.allocUnsafeSlow(readBufferBytes)
  readonly #slowReadBuffer = Buffer.allocUnsafeSlow(slowReadBufferBytes)
  readonly #bulkReader = BulkReader.forMany()
  readonly #memory: TransportMemory = { contexts: new Map() }
  readonly #turns = new ConnectTurns()
  readonly #stopConnecting = new Abort()
  #hasFirst = false
  #nextFence = 0

  constructor(
    context: WorkerContext,
    counters: LoadCounters,
    curve: RateCurve | undefined,
    window: FlightWindow | undefined,
    unblocked: (publisher: LoadPublisher) => void,
  ) {
    const { settings, runId } = context
    this.#context = context
    this.#runName = runNameOf(context)
    this.#counters = counters
    this.#window = window
    this.topics = new LoadTopics(settings, this.#runName)
    const { topics } = this
    const runName = this.#runName
    const { published } = counters
    this.#subscriberFactory = new SubscriberFactory(settings, counters, () => window?.sample())
    this.#publisherFactory = new PublisherFactory({
      settings,
      runId,
      runName,
      topics,
      counters: published,
      curve,
      window,
      unblocked,
    })
  }

  get publisherFacts(): readonly PublisherFacts[] {
    return this.publishers.map(({ index, firstMeasured, sequence, neverAcknowledged }) => {
      const topic = this.topics.arrivalTopicOf(index)
      return { index, topic, firstMeasured, sequence, ...(neverAcknowledged && { neverAcknowledged }) }
    })
  }

  /** What somebody of ours gets messages by: each subscriber, and each shared subscription. Nobody waits for one that is slow on purpose. */
  get filters(): readonly string[] {
    const { share } = this.#context.settings
    const awaited = this.subscribers.filter(({ matcher }) => matcher.slow === undefined)
    const filters = awaited.map(({ filter }) => filter)
    return share === undefined ? filters : [...new Set(filters)]
  }

  /** Tells each publisher how many there are, over all threads, that get its messages. */
  meetAudience(filters: readonly string[]): void {
    const tree = new FilterTree<undefined>()
    for (const filter of filters) tree.add(filter, undefined)
    for (const publisher of this.publishers) {
      publisher.audience = new Audience(tree, this.topics.arrivalTopicOf(publisher.index))
    }
  }

  /** At a rate: as many publishers ask how far the broker has read as cost next to nothing, all in their turn. */
  passFences(): void {
    const { publishers } = this
    for (let count = 0; count < Math.min(publishers.length, mostFencesAtOnce); count++) {
      publishers[this.#nextFence++ % publishers.length]!.fence?.pass()
    }
  }

  /** What the broker owes, and what it has not taken yet. */
  get debts(): { readonly unacknowledged: number; readonly unreadBytes: number } {
    let [unacknowledged, unreadBytes] = [0, 0]
    for (const { unacknowledged: each } of this.publishers) unacknowledged += each
    for (const { established } of this.#clients) unreadBytes += established.link.outbox.waitingBytes
    return { unacknowledged, unreadBytes }
  }

  /** No client connects from here on, and one that was lost does not come back. */
  stopConnecting(): void {
    this.#stopConnecting.abort(new MqttCliError('interrupted', 'Stopped while it connected'))
  }

  /** What was written before has reached the broker, or the limit has passed; then DISCONNECT. */
  async leave(limitMs: number): Promise<void> {
    this.stopConnecting()
    const limit = new Promise<void>((resolve) => setTimeout(resolve, limitMs).unref())
    const pings = this.#clients.map(({ established }) => established.link.ping().catch(() => {}))
    await Promise.race([Promise.all(pings), limit])
    await Promise.all(this.#clients.map((client) => client.leave()))
  }

  /** Subscribers first: nothing may be published before everybody listens. */
  async connect(step: ConnectStep): Promise<void> {
    const { settings, slice } = this.#context
    if (step === 'first') await this.#connectFirst()
    else if (step === 'subscribers') {
      const rest = this.#withoutFirst(subscribersOf(settings, slice, this.topics), this.#isHeard)
      await this.#connectMany(rest, (index) => this.#openSubscriber(index))
    } else if (step === 'responder') {
      if (hasResponder(settings) && isLastSlice(slice)) await this.#connectMany(alone, () => this.#openResponder())
    } else {
      const rest = this.#withoutFirst(publishersOf(settings, slice), !this.#isHeard)
      await this.#connectMany(rest, (index) => this.#openPublisher(index))
      this.publishers.sort((a, b) => a.index - b.index)
    }
  }

  /** The first client stands already, and is on this side or on the other. */
  #withoutFirst(side: ShardSide, isOfSide: boolean): ShardSide {
    return this.#hasFirst && isOfSide ? among(side, (position) => position > 0) : side
  }

  /** Somebody here subscribes; then the first client is a subscriber. */
  get #isHeard(): boolean {
    return this.#context.settings.subscribers > 0
  }

  /** Finds out the version for all, and whether anybody is there at all: a load that nobody takes is no result. */
  async #connectFirst(): Promise<void> {
    const { settings } = this.#context
    const { version: asked } = settings.connection
    this.#hasFirst = true
    let failure: unknown
    const number = firstNumber(settings, this.#isHeard ? 'subscribers' : 'publishers')
    await this.#connectMany(alone, async () => {
      const opening = this.#isHeard ? this.#openSubscriber(number, asked) : this.#openPublisher(number, asked)
      return opening.catch((error: unknown) => {
        failure = error
        throw error
      })
    })
    const client = this.#isHeard ? number : wholeOf(settings).subscribers + number
    const own = clientSettings(settings.connection, settings.clients, client, this.#runName)
    const elsewhere = await probedVersion(failure, settings.clients, own, this.#stopConnecting)
    this.#counters.version = elsewhere ?? this.#counters.version
  }

  async #connectMany({ numbers, places }: ShardSide, open: (index: number) => Promise<unknown>): Promise<void> {
    await connectAll({
      places,
      ratePerSecond: this.#context.settings.connectRatePerSecond,
      signal: this.#stopConnecting,
      counters: this.#counters.connect,
      open: (position) => open(numbers[position]!),
    })
  }

  /** Gives when it was connected: subscribing is no part of that. */
  async #openSubscriber(index: number, version?: ConnectionSettings['version']): Promise<number> {
    const { share, qos, connection } = this.#context.settings
    const filters = this.topics.filtersOf(index)
    const [filter] = filters
    const subscriber = this.#subscriberFactory.subscriber(index, filter)
    const asked = share === undefined ? filters : filters.map((each) => `$share/${share}/${each}`)
    const subscribe = (client: LoadClient) => this.#subscribe(client, asked, qos, connection.connectDeadlineMs)
    const sink = this.#subscriberFactory.sinkOf(subscriber)
    const client = await this.#openClient(index, 'subscribers', version, sink, subscribe)
    const connectedMicroseconds = epochMicroseconds()
    await subscribe(client).catch((error: MqttCliError) => this.#neverAnswered('subscribers', error))
    this.subscribers.push(subscriber)
    return connectedMicroseconds
  }

  async #subscribe(...asked: Parameters<typeof subscribeClient>): Promise<void> {
    const beganMicroseconds = epochMicroseconds()
    await subscribeClient(...asked)
    this.#counters.subscribed.record(epochMicroseconds() - beganMicroseconds)
  }

  /** A client that gets nothing is not there for the load; a refusal has a figure of its own. */
  #neverAnswered(side: Side, error: MqttCliError): never {
    if (error.kind === 'lost') {
      this.failure = mostSevereError(this.failure, error)
      this.alive[side]--
    }
    throw error
  }

  /** Subscribes to every requester's topic, and answers. */
  async #openResponder(): Promise<void> {
    const { settings } = this.#context
    const { qos, topic, payload, connection } = settings
    const { subscribers, publishers } = wholeOf(settings)
    const responder = new RpcResponder(qos, Buffer.from(this.#runName, 'hex'), payload !== undefined)
    const { connectDeadlineMs } = connection
    const subscribe = (client: LoadClient) => this.#subscribe(client, [filterOfAll(topic)], qos, connectDeadlineMs)
    const client = await this.#openClient(subscribers + publishers, 'responders', undefined, responder, subscribe)
    client.publishWith(responder.publisher)
    await subscribe(client).catch((error: MqttCliError) => this.#neverAnswered('responders', error))
  }

  async #openPublisher(index: number, version?: ConnectionSettings['version']): Promise<void> {
    const { settings } = this.#context
    const client = await this.#openClient(wholeOf(settings).subscribers + index, 'publishers', version)
    const publisher = this.#publisherFactory.publisher(index, this.#counters.version)
    client.publishWith(publisher.publisher)
    refuseTooLarge(client, publisher, settings.payloadBytes[1])
    if (settings.qos === 0 && !this.#isHeard) publisher.fence = this.#fenceOf(client)
    this.publishers.push(publisher)
  }

  #fenceOf(client: LoadClient): ReadFence {
    const { settings } = this.#context
    return new ReadFence({
      flight: this.#counters.flight,
      ping: () => client.established.link.ping(),
      publishers: settings.load.mode === 'saturate' ? settings.publishers : 0,
      read: () => this.#window?.sample(),
    })
  }

  /** `version`: undefined for the one that the first client found. `renew`: what makes a session of its own again. */
  async #openClient(
    index: number,
    side: Side,
    version: ConnectionSettings['version'] = this.#counters.version,
    sink?: MessageSink,
    renew?: (client: LoadClient) => Promise<void>,
  ): Promise<LoadClient> {
    const { settings } = this.#context
    const own = clientSettings(settings.connection, settings.clients, index, this.#runName)
    const isOfSlow = side === 'subscribers' && isSlow(settings, index)
    const client = await LoadClient.open({
      settings: { ...own, version },
      listener: this.#listenerOf(side, renew),
      signal: this.#stopConnecting,
      readBuffer: isOfSlow ? this.#slowReadBuffer : this.#readBuffer,
      memory: this.#memory,
      turns: this.#turns,
      bulkReader: readsInBulk(settings) && !isOfSlow ? this.#bulkReader : undefined,
      ...(sink && { sink }),
    })
    this.#counters.version = client.established.version
    this.#counters.arrived.isCountedOnly = isCountedOnly(settings, client.established.version)
    this.#clients.push(client)
    this.alive[side]++
    return client
  }

  #listenerOf(side: Side, renew: ((client: LoadClient) => Promise<void>) | undefined) {
    const { connect } = this.#counters
    return {
      lost: (error: MqttCliError) => connect.lose(error),
      back: async (client: LoadClient, { sessionPresent }: { sessionPresent: boolean }, outageMicroseconds: number) => {
        if (!sessionPresent) await renew?.(client)
        connect.recover(outageMicroseconds)
      },
      gone: (error: MqttCliError) => {
        this.failure = mostSevereError(this.failure, error)
        this.alive[side]--
      },
    }
  }
}
