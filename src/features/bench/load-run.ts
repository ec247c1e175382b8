import { setMaxListeners } from 'node:events'
import type { LinkEnd } from '../../connection/link.ts'
import type { MessageSink } from '../../connection/receiver.ts'
import { MqttCliError } from '../../errors.ts'
import { arrivalSchedule } from './arrival-schedule.ts'
import { BenchClient } from './bench-client.ts'
import type { BenchContext } from './bench-context.ts'
import { filterOfAll } from './client-pattern.ts'
import { clientSettings } from './client-settings.ts'
import { connectAll } from './connect-all.ts'
import { epochMicroseconds } from './epoch-clock.ts'
import { LoadPublisher } from './load-publisher.ts'
import { LoadRecords } from './load-records.ts'
import { LoadSubscriber } from './load-subscriber.ts'
import { LoadTopics } from './load-topics.ts'
import { LoopDelay } from './loop-delay.ts'
import { MessageMatcher } from './message-matcher.ts'
import { nobodyThere } from './nobody-there.ts'
import { Pacer } from './pacer.ts'
import { StampedPayload } from './payload.ts'
import { RateCurve } from './rate-curve.ts'
import { RpcResponder } from './rpc-responder.ts'
import { SecondMeter } from './second-meter.ts'

const readBufferBytes = 64 * 1024
const lookMs = 20
/** Nothing moved for so long: the last message is out and in. */
const settledMs = 100
/** The user waits: longer than this nothing is expected any more. */
const stoppedDrainMs = 1000
const firstFailure = 0x80

/** One run of publishers and subscribers, from the first connection to the last message. Counts; judges nothing. */
export class LoadRun {
  readonly records: LoadRecords
  readonly topics: LoadTopics
  readonly publishers: LoadPublisher[] = []
  readonly subscribers: LoadSubscriber[] = []
  readonly loopDelay = new LoopDelay()
  readonly meter: SecondMeter
  /** The first reason for which a client was lost or a subscription refused. */
  failure: MqttCliError | undefined
  wasStopped = false
  readonly #context: BenchContext
  readonly #clients: BenchClient[] = []
  readonly #readBuffer = Buffer.allocUnsafeSlow(readBufferBytes)
  /** Arrivals of each shared subscription, by filter. */
  readonly #groups = new Map<string, MessageMatcher['publishers']>()
  readonly #curve: RateCurve | undefined
  readonly #stopConnecting = new AbortController()
  #pacer: Pacer<LoadPublisher> | undefined
  #alivePublishers = 0
  #aliveSubscribers = 0
  #isLeaving = false

  constructor(context: BenchContext) {
    const { settings, runId } = context
    this.#context = context
    this.records = new LoadRecords(runId, settings.publishers > 0)
    this.topics = new LoadTopics(settings, this.#runName)
    this.meter = new SecondMeter(context, this.records, this.loopDelay)
    this.#curve = curveOf(context)
    setMaxListeners(0, context.signal, this.#stopConnecting.signal)
  }

  async run(): Promise<void> {
    const { signal, tell } = this.#context
    signal.addEventListener('abort', () => this.#stop(), { once: true })
    this.loopDelay.start()
    try {
      tell({ event: 'phase', phase: 'connect' })
      await this.#connect()
      if (!signal.aborted) await this.#load()
    } finally {
      this.#pacer?.stop()
      this.meter.stop()
      this.loopDelay.stop()
      await this.#leave()
    }
  }

  get isRpc(): boolean {
    return this.#context.settings.mode === 'rpc'
  }

  get #runName(): string {
    return this.#context.runId.toString(16).padStart(8, '0')
  }

  #stop(): void {
    this.wasStopped = true
    this.#stopConnecting.abort(this.#context.signal.reason)
    const { phases } = this.records
    phases.endMicroseconds = Math.min(phases.endMicroseconds, epochMicroseconds())
    for (const publisher of this.publishers) publisher.finish()
    this.#pacer?.stop()
  }

  /** Subscribers first: nothing may be published before everybody listens. */
  async #connect(): Promise<void> {
    const { settings } = this.#context
    const total = settings.publishers + settings.subscribers
    if (total === 0) return
    const isFirstSubscriber = settings.subscribers > 0
    await this.#connectFirst(isFirstSubscriber)
    await this.#connectMany(settings.subscribers, isFirstSubscriber ? 1 : 0, (index) => this.#openSubscriber(index))
    if (this.isRpc) await this.#connectMany(1, 0, () => this.#openResponder())
    await this.#connectMany(settings.publishers, isFirstSubscriber ? 0 : 1, (index) => this.#openPublisher(index))
    this.publishers.sort((a, b) => a.index - b.index)
  }

  /** Finds out the version for all, and whether anybody is there at all: a load that nobody takes is no result. */
  async #connectFirst(isSubscriber: boolean): Promise<void> {
    let failure: unknown
    await this.#connectMany(1, 0, async () => {
      await (isSubscriber ? this.#openSubscriber(0, 'auto') : this.#openPublisher(0, 'auto')).catch(
        (error: unknown) => {
          failure = error
          throw error
        },
      )
    })
    if (failure instanceof MqttCliError && failure.kind === 'unreachable') throw nobodyThere(failure)
  }

  async #connectMany(count: number, from: number, open: (index: number) => Promise<void>): Promise<void> {
    await connectAll({
      count: Math.max(0, count - from),
      ratePerSecond: this.#context.settings.connectRatePerSecond,
      signal: this.#stopConnecting.signal,
      tally: this.records.connect,
      open: (index) => open(index + from),
    })
  }

  async #openClient(index: number, first: 'auto' | undefined, sink?: MessageSink): Promise<BenchClient> {
    const { settings } = this.#context
    const own = clientSettings(settings.connection, settings.clients, index, this.#runName)
    const client = await BenchClient.open({
      settings: own,
      version: first === undefined ? this.records.version : own.version,
      signal: this.#stopConnecting.signal,
      readBuffer: this.#readBuffer,
      ...(sink && { sink }),
    })
    this.records.version = client.established.version
    client.established.link.readsInBulk = settings.mode === 'pub' && settings.load.mode === 'saturate'
    this.#clients.push(client)
    return client
  }

  async #openSubscriber(index: number, first?: 'auto'): Promise<void> {
    const { settings } = this.#context
    const filter = this.topics.filterOf(index)
    const subscriber = new LoadSubscriber(index, filter, this.#matcherOf(filter))
    const client = await this.#openClient(index, first, subscriber)
    this.#aliveSubscribers++
    this.#watch(client, () => {
      this.#aliveSubscribers--
    })
    const shared = settings.share === undefined ? filter : `$share/${settings.share}/${filter}`
    const options = { qos: settings.qos, noLocal: false, retainAsPublished: false, retainHandling: 2 } as const
    const suback = await client.established.link.driver.subscribe([{ filter: shared, ...options }], {})
    if ((suback.reasonCodes[0] ?? firstFailure) >= firstFailure) throw this.#subscriptionRefused(suback.reasonCodes[0])
    subscriber.isSubscribed = true
    this.subscribers.push(subscriber)
  }

  #matcherOf(filter: string): MessageMatcher {
    if (this.#context.settings.share === undefined) return new MessageMatcher(this.records.arrived)
    const group = this.#groups.get(filter) ?? []
    this.#groups.set(filter, group)
    return new MessageMatcher(this.records.arrived, group)
  }

  /** Subscribes to every requester's topic, and answers. */
  async #openResponder(): Promise<void> {
    const { settings } = this.#context
    const responder = new RpcResponder(settings.qos, this.#correlationData)
    const client = await this.#openClient(settings.subscribers + settings.publishers, undefined, responder)
    client.publishWith(responder.publisher)
    this.#aliveSubscribers++
    this.#watch(client, () => {
      this.#aliveSubscribers = 0 // nobody answers any more
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
      reasonName: `SUBACK ${this.records.published.reasonName(code ?? firstFailure)}`,
      tries: ['look at the broker’s access rules for the topic filter', 'another --topic or --filter'],
    })
  }

  async #openPublisher(index: number, first?: 'auto'): Promise<void> {
    const { settings } = this.#context
    const client = await this.#openClient(settings.subscribers + index, first)
    const publisher = this.#publisher(index)
    client.publishWith(publisher.publisher)
    this.#refuseTooLarge(client)
    this.#alivePublishers++
    this.#watch(client, () => {
      this.#alivePublishers--
    })
    this.publishers.push(publisher)
  }

  #publisher(index: number): LoadPublisher {
    const { settings, runId } = this.#context
    const { qos, retain, properties, payloadBytes, connection } = settings
    const messages = shareOf(settings.end, index, settings.publishers)
    return new LoadPublisher({
      index,
      topic: this.topics.topicOf(index),
      ...(this.topics.differByMessage && { topicOf: (sequence) => this.topics.topicOf(index, sequence) }),
      template: { qos, retain, properties: { ...properties, ...(this.isRpc && this.#rpcProperties(index)) } },
      ...(connection.inflightMaximum !== undefined && { inflightMaximum: connection.inflightMaximum }),
      payload: new StampedPayload(payloadBytes, runId, index, Math.random),
      records: this.records.published,
      messages,
      ...(this.#curve !== undefined && { schedule: this.#schedule(this.#curve, index, messages) }),
      unblocked: (publisher) => this.#pacer?.resume(publisher),
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

  #refuseTooLarge({ established }: BenchClient): void {
    const { maximumPacketSize } = established.limits
    const [, largest] = this.#context.settings.payloadBytes
    if (maximumPacketSize === undefined || largest < maximumPacketSize) return
    throw new MqttCliError('refused', `The broker takes packets of at most ${maximumPacketSize} bytes`, {
      layer: 'CONNACK',
      reasonName: 'above the Maximum Packet Size',
      tries: ['a smaller --size'],
    })
  }

  #watch(client: BenchClient, gone: () => void): void {
    void client.lost.then((end: LinkEnd | undefined) => {
      if (end === undefined || this.#isLeaving) return
      this.failure ??= end.error
      this.records.connect.lose(end.error)
      gone()
    })
  }

  async #load(): Promise<void> {
    const { settings, tell } = this.#context
    const { phases } = this.records
    const measureMs = settings.end.by === 'duration' ? settings.end.milliseconds : Number.POSITIVE_INFINITY
    phases.start(epochMicroseconds(), settings.warmupMs, measureMs)
    this.meter.start()
    tell({ event: 'phase', phase: settings.warmupMs > 0 ? 'warmup' : 'measure' })
    this.#begin()
    await this.#untilDone()
  }

  #begin(): void {
    const { startMicroseconds, endMicroseconds } = this.records.phases
    if (this.#curve === undefined) {
      for (const publisher of this.publishers) setImmediate(() => publisher.saturate())
      return
    }
    this.#pacer = new Pacer(startMicroseconds, endMicroseconds, this.#askedPerSecond)
    this.#pacer.start(this.publishers)
  }

  get #askedPerSecond(): number {
    const { load } = this.#context.settings
    if (load.mode === 'saturate') return Number.POSITIVE_INFINITY
    return 'ratePerSecond' in load ? load.ratePerSecond : Math.max(...load.stages.map((each) => each.ratePerSecond))
  }

  /** Until everything is sent, confirmed and quiet, or nothing moves any more. */
  async #untilDone(): Promise<void> {
    const { quietMs } = this.#context.settings
    let progress = -1
    let movedAtMs = performance.now()
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, lookMs))
      if (this.records.progress !== progress) movedAtMs = performance.now()
      progress = this.records.progress
      const stillMs = performance.now() - movedAtMs
      const drainMs = this.wasStopped ? stoppedDrainMs : this.#context.settings.drainMs
      if (this.#isSendingOver && stillMs > settledMs) this.#endMeasuring(stillMs)
      if (this.#isSendingOver && stillMs >= (this.#isConfirmed ? quietMs : drainMs)) return
      if (this.#hasNobodyLeft || (stillMs >= drainMs && this.#isPastEnd)) return
      if (this.#isSendingOver && this.#isConfirmed && this.subscribers.length === 0) return
    }
  }

  /** Where a number of messages ends the run, measuring ends with the last thing that moved. */
  #endMeasuring(stillMs: number): void {
    const { phases } = this.records
    if (phases.endMicroseconds !== Number.POSITIVE_INFINITY) return
    phases.endMicroseconds = epochMicroseconds()
    this.meter.look()
    this.meter.wallMicroseconds -= stillMs * 1000
  }

  get #isPastEnd(): boolean {
    return epochMicroseconds() >= this.records.phases.endMicroseconds || this.#context.settings.end.by === 'messages'
  }

  get #isSendingOver(): boolean {
    if (this.publishers.length === 0) return this.wasStopped || this.#isSubscribedLongEnough
    if (this.wasStopped) return true
    const isOver = epochMicroseconds() >= this.records.phases.endMicroseconds
    if (isOver && this.#curve === undefined) for (const publisher of this.publishers) publisher.finish()
    return this.publishers.every(({ isFinished }) => isFinished)
  }

  get #isSubscribedLongEnough(): boolean {
    const { end } = this.#context.settings
    if (end.by === 'messages') return this.records.arrivals >= end.count
    return epochMicroseconds() >= this.records.phases.endMicroseconds
  }

  get #isConfirmed(): boolean {
    return this.publishers.every(({ unacknowledged }) => unacknowledged === 0)
  }

  /** Every connection that the run needs is gone. */
  get #hasNobodyLeft(): boolean {
    const { publishers, subscribers } = this.#context.settings
    return (publishers > 0 && this.#alivePublishers === 0) || (subscribers > 0 && this.#aliveSubscribers === 0)
  }

  async #leave(): Promise<void> {
    const { quietMs } = this.#context.settings
    for (const publisher of this.publishers) {
      publisher.finish()
      publisher.countUnsent()
    }
    const limit = new Promise<void>((resolve) => setTimeout(resolve, quietMs).unref())
    const pings = this.#clients.map(({ established }) => established.link.ping().catch(() => {}))
    await Promise.race([Promise.all(pings), limit])
    this.#isLeaving = true
    await Promise.all(this.#clients.map((client) => client.leave()))
  }
}

function curveOf({ settings }: BenchContext): RateCurve | undefined {
  const { load, warmupMs, end } = settings
  if (load.mode === 'saturate') return undefined
  if ('stages' in load) return RateCurve.stages(load.stages)
  const durationMs = end.by === 'duration' ? warmupMs + end.milliseconds : Number.POSITIVE_INFINITY
  return RateCurve.constant(load.ratePerSecond, durationMs)
}

/** Messages of one publisher where a number of messages ends the run: evenly, the first ones one more. */
function shareOf(end: BenchContext['settings']['end'], index: number, publishers: number): number {
  if (end.by === 'duration') return Number.POSITIVE_INFINITY
  return Math.floor(end.count / publishers) + (index < end.count % publishers ? 1 : 0)
}
