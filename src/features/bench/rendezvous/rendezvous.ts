import { randomBytes } from 'node:crypto'
import { epochMicroseconds } from '../../../connection/clock.ts'
import { Connection } from '../../../connection/connection.ts'
import { leanDriver } from '../../../connection/driver/drivers.ts'
import { Publisher } from '../../../connection/publish/publisher.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import { MqttCliError } from '../../../errors.ts'
import { isFailure } from '../../../protocol/reason-code.ts'
import type { PublishView } from '../../../protocol/wire/publish-view.ts'
import type { ClockMail } from '../clocks/clock-exchange.ts'
import { clockMessageBytes, readClockMessage } from '../clocks/clock-message.ts'
import { ShardClocks } from '../clocks/shard-clocks.ts'
import type { ShardPart } from '../settings.ts'
import type { OtherShard } from '../shard-figures.ts'
import {
  notPassedOn,
  notSubscribed,
  otherSettings,
  sameShard,
  shardNames,
  shardsMissing,
  tooLate,
} from './rendezvous-errors.ts'
import {
  decodeMessage,
  encodeMessage,
  type RendezvousMessage,
  rendezvousTopic,
  type Stage,
} from './rendezvous-message.ts'
import { type CompanyReaction, ShardCompany } from './shard-company.ts'

/** A machine that vanished is noticed after one and a half of this: the broker publishes its will [MQTT-3.1.2-22]. */
const keepAliveSeconds = 10
const reconnectSeconds = 60
/** Answers to as many shards that come at once; each message is small. */
const identifiers = 20_000

/** A shard that asked for our time before the load has so long to be done with its own part, and to ask again. */
const askedLimitMs = 20_000

/** Who waits for longer is told for whom. */
const quietMs = 1000

interface RendezvousParts {
  readonly part: ShardPart
  /** What all shards must have been asked alike. */
  readonly settingsMark: string
  /** Where they meet. */
  readonly connection: ConnectionSettings
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** What happens to other shards, as it happens. */
  readonly note: (text: string) => void
}

/**
 * Where the shards of a run meet: on topics of the run, with messages that a broker keeps nothing of. Who comes says that
 * it is here, and who hears it answers: so late ones learn of early ones. Its will says that it is gone.
 */
export class Rendezvous {
  /** Of the others, by what they say to our questions. */
  readonly clocks: ShardClocks
  readonly #parts: RendezvousParts
  readonly #nonce = randomBytes(8).toString('hex')
  readonly #company: ShardCompany
  readonly #publisher: Publisher
  readonly #connection: Connection
  /** Messages that the network, or the window, had no room for. */
  #waiting: (readonly [topic: string, message: Buffer])[] = []
  #unsettled = 0
  #failure: MqttCliError | undefined
  #isLeaving = false
  /** Who waits for something to change. */
  #changed: () => void = () => {}

  private constructor(parts: RendezvousParts) {
    const { part, settingsMark, signal } = parts
    const { index, count, run } = part
    this.#parts = parts
    this.clocks = new ShardClocks(part, epochMicroseconds, {
      send: (mail) => this.#mail(mail),
      nextMessage: (limitMs) => this.#change(limitMs),
    })
    this.#company = new ShardCompany({ from: index, nonce: this.#nonce, settings: settingsMark }, count)
    const template = { topic: rendezvousTopic(run, 'all'), qos: 1, retain: false, properties: {} } as const
    const hooks = { ready: () => this.#sendWaiting(), settled: () => this.#settled() }
    this.#publisher = new Publisher(template, undefined, hooks, identifiers)
    this.#connection = new Connection({
      settings: this.#settings(),
      makeDriver: leanDriver,
      signal,
      publisher: this.#publisher,
      events: { connected: () => this.#connected() },
      sink: {
        message: (message) => this.#message(message),
        batchEnd: (written) => written(),
      },
    })
  }

  /** Throws kind 'unreachable' where nobody is there, and what else keeps a connection from standing. */
  static async open(parts: RendezvousParts): Promise<Rendezvous> {
    const rendezvous = new Rendezvous(parts)
    await rendezvous.#connection.open()
    rendezvous.#connection.finished.catch((error: unknown) => rendezvous.#fail(error))
    return rendezvous
  }

  /** Returns when all shards are as far, or the user stops. Throws, with those that are missing, when it takes too long. */
  async meet(step: 'connect' | 'load'): Promise<void> {
    const { timeoutMs } = this.#parts
    const begun = step === 'connect' ? 1 : 2
    const deadline = epochMicroseconds() + timeoutMs * 1000
    this.#enter(step)
    this.#react(this.#company.goIfComplete())
    const waiting = setTimeout(() => this.#noteWaiting(), quietMs)
    try {
      await this.#untilBegun(begun, deadline)
    } finally {
      clearTimeout(waiting)
    }
  }

  async #untilBegun(begun: number, deadline: number): Promise<void> {
    const { signal, timeoutMs, part } = this.#parts
    while (this.#company.begun < begun && !signal.aborted) {
      if (this.#failure !== undefined) throw this.#failure
      const leftMs = (deadline - epochMicroseconds()) / 1000
      if (leftMs > 0) await this.#change(leftMs)
      else if (this.#company.isHeard) await this.#callOff()
      else throw notPassedOn(part.run, timeoutMs / 1000)
    }
    if (this.#failure !== undefined && !signal.aborted) throw this.#failure
  }

  /** All that wait name the same shards: who leaves first would else be one of them. */
  async #callOff(): Promise<void> {
    const missing = this.#missing
    this.#say('all', { say: 'off', missing })
    await this.#allSettled()
    this.#failure ??= this.#notCome(missing)
  }

  #notCome(missing: readonly number[]): MqttCliError {
    const { part, timeoutMs } = this.#parts
    return shardsMissing(part, missing, timeoutMs / 1000, this.#company.stage === 'connect' ? 'connect' : 'load')
  }

  #noteWaiting(): void {
    const { part, note } = this.#parts
    note(`waiting for ${shardNames(this.#missing)} of ${part.count}`)
  }

  /** Nothing is sent from here any more. */
  saySent(): void {
    if (this.#company.stage === 'load') this.#enter('sent')
  }

  /** When the last of the others said that it sends no more; undefined while somebody does. */
  get sentAtMicroseconds(): number | undefined {
    return this.#failure === undefined ? this.#company.sentAtMicroseconds : 0
  }

  /** Until the others have sent, too, or for so long: they end when this one does. */
  async othersSent(limitMs: number): Promise<void> {
    const deadline = epochMicroseconds() + limitMs * 1000
    while (this.sentAtMicroseconds === undefined && epochMicroseconds() < deadline && !this.#parts.signal.aborted) {
      await this.#change((deadline - epochMicroseconds()) / 1000)
    }
  }

  /** What is known of the others. */
  get others(): readonly OtherShard[] {
    const { others } = this.#company
    return this.#failure === undefined ? others : others.map(({ index }) => ({ index, state: 'unknown' }))
  }

  /** Says that this shard is done, and leaves. */
  async leave({ wasStopped }: { readonly wasStopped: boolean }): Promise<void> {
    this.#company.wasStopped = wasStopped
    if (this.#connection.isConnected) {
      this.#enter('done')
      await this.#othersAsked()
      this.#isLeaving = true
      await this.#allSettled()
    }
    this.#isLeaving = true
    await this.#connection.close()
  }

  /** Who asked for our time before the load asks again after it. */
  async #othersAsked(): Promise<void> {
    const { signal } = this.#parts
    const deadline = epochMicroseconds() + askedLimitMs * 1000
    const isAwaited = (shard: number) => this.#company.isThere(shard)
    while (this.clocks.askers.some(isAwaited) && epochMicroseconds() < deadline && !signal.aborted) {
      if (this.#failure !== undefined) return
      await this.#change((deadline - epochMicroseconds()) / 1000)
    }
  }

  /** Without a word: the others hear the will. */
  abandon(): void {
    this.#isLeaving = true
    this.#connection.abandon(new MqttCliError('interrupted', 'Left the rendezvous', { tries: ['start it again'] }))
  }

  /** A session that ends with its connection, and a will that says so. */
  #settings(): ConnectionSettings {
    const { connection, part } = this.#parts
    const { index, run } = part
    const {
      sessionExpiryInterval: _,
      receiveMaximum: __,
      topicAliasMaximum: ___,
      ...properties
    } = connection.properties
    const gone = encodeMessage({ say: 'gone', from: index, nonce: this.#nonce })
    return {
      ...connection,
      properties,
      disconnectProperties: {},
      clientId: `shard-${index}-${this.#nonce.slice(0, 10)}`, // at most 23 characters [MQTT-3.1.3-5]
      cleanStart: true,
      cleanSession311: true,
      resumesUserSession: false,
      keepAliveSeconds,
      reconnect: { mode: 'for', seconds: reconnectSeconds },
      will: { topic: rendezvousTopic(run, 'all'), payload: gone, qos: 1, retain: false, properties: {} },
    }
  }

  /** The first time and after each loss: what was said meanwhile the answers tell. */
  async #connected(): Promise<void> {
    const { run, index } = this.#parts.part
    const options = { qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 2 } as const
    const filters = [rendezvousTopic(run, 'all'), rendezvousTopic(run, index)]
    for (const filter of filters) {
      const { reasonCodes } = await this.#connection.subscribe([{ filter, ...options }], {})
      const code = reasonCodes.find((each) => isFailure(each))
      if (code !== undefined) throw notSubscribed(run, code)
    }
    this.#say('all', { say: 'here', ...this.#company.state })
  }

  #enter(stage: Stage): void {
    this.#company.stage = stage
    this.#say('all', { say: 'state', ...this.#company.state })
  }

  get #missing(): readonly number[] {
    return this.#company.missing
  }

  #message({ bytes, payloadStart, payloadEnd }: PublishView): boolean {
    const payload = bytes.subarray(payloadStart, payloadEnd)
    const message = decodeMessage(payload)
    if (this.#isLeaving) return true
    if (message === undefined) this.#clockMessage(payload)
    else this.#react(this.#company.take(message, epochMicroseconds()))
    return true
  }

  #clockMessage(payload: Buffer): void {
    const message = readClockMessage(payload)
    if (message === undefined) return
    const answer = this.clocks.take(message)
    if (answer !== undefined) this.#mail(answer)
    this.#changed()
  }

  /**
   * At QoS 0: an acknowledgement that comes before the answer would hold it back in a broker that gathers small packets,
   * for the 40 ms that ours waits with its own. What does not go out is asked for again.
   */
  #mail({ to, message }: ClockMail): void {
    const bytes = clockMessageBytes(message)
    this.#publisher.topic = rendezvousTopic(this.#parts.part.run, to)
    this.#publisher.qos = 0
    this.#publisher.publish(bytes, 0, bytes.length, 0)
    this.#publisher.qos = 1
    this.#publisher.flush()
  }

  #react(reactions: readonly CompanyReaction[]): void {
    for (const reaction of reactions) {
      if (reaction.do === 'answer') this.#say(reaction.to, { say: 'answer', ...this.#company.state })
      else if (reaction.do === 'say go') this.#say('all', { say: 'go', begun: reaction.begun })
      else if (reaction.do === 'give up') this.#failure ??= this.#notCome(reaction.missing)
      else if (reaction.do === 'tell') this.#tell(reaction.shard, reaction.what)
      else if (reaction.do === 'fail') this.#failure ??= this.#errorOf(reaction)
    }
    this.#changed()
  }

  #tell(shard: number, what: string): void {
    const { part, note } = this.#parts
    note(`shard ${shard} of ${part.count} ${what}`)
  }

  #errorOf({ because, shard }: Extract<CompanyReaction, { do: 'fail' }>): MqttCliError {
    const { part } = this.#parts
    if (because === 'same shard') return sameShard(part)
    return because === 'too late' ? tooLate(part) : otherSettings(shard, part)
  }

  #fail(error: unknown): void {
    if (this.#isLeaving) return
    this.#failure ??=
      error instanceof MqttCliError ? error : new MqttCliError('lost', 'The rendezvous was lost', { cause: error })
    this.#changed()
  }

  /** Until something was heard, the time is over, or the user stops. */
  #change(limitMs: number): Promise<void> {
    const { signal } = this.#parts
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#changed = () => {}
        resolve()
      }
      const timer = setTimeout(done, limitMs)
      signal.addEventListener('abort', done, { once: true })
      this.#changed = done
    })
  }

  #say(to: number | 'all', message: RendezvousMessage): void {
    this.#waiting.push([rendezvousTopic(this.#parts.part.run, to), encodeMessage(message)])
    this.#sendWaiting()
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
    this.#changed()
  }

  /** What was said last has reached the broker; who does not answer keeps nobody. */
  async #allSettled(): Promise<void> {
    const deadline = epochMicroseconds() + 2e6
    while (this.#unsettled + this.#waiting.length > 0 && epochMicroseconds() < deadline) {
      await this.#change((deadline - epochMicroseconds()) / 1000)
      if (this.#parts.signal.aborted) break
    }
  }
}
