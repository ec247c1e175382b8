import { randomBytes } from 'node:crypto'
import { epochMicroseconds } from '../../../connection/clock.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import { MqttCliError } from '../../../errors.ts'
import type { ClockMail } from '../clocks/clock-exchange.ts'
import { clockMessageBytes, readClockMessage } from '../clocks/clock-message.ts'
import { ShardClocks } from '../clocks/shard-clocks.ts'
import type { ShardPart } from '../settings.ts'
import type { OtherShard } from '../shard-figures.ts'
import { notPassedOn, otherSettings, sameShard, shardNames, shardsMissing, tooLate } from './rendezvous-errors.ts'
import { RendezvousLine } from './rendezvous-line.ts'
import { decodeMessage, type Stage } from './rendezvous-message.ts'
import { type CompanyReaction, ShardCompany } from './shard-company.ts'
import { SomethingNew } from './something-new.ts'

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
  readonly #company: ShardCompany
  readonly #line: RendezvousLine
  readonly #new: SomethingNew
  #failure: MqttCliError | undefined
  #isLeaving = false

  private constructor(parts: RendezvousParts) {
    const { part, settingsMark, connection, signal } = parts
    const { index, count, run } = part
    const nonce = randomBytes(8).toString('hex')
    this.#parts = parts
    this.#new = new SomethingNew(signal)
    this.#company = new ShardCompany({ from: index, nonce, settings: settingsMark }, count)
    this.#line = new RendezvousLine({
      ...{ run, index, nonce, connection, signal },
      connected: () => this.#line.say('all', { say: 'here', ...this.#company.state }), // the answers tell what was said meanwhile
      heard: (payload) => this.#heard(payload),
      settled: () => this.#new.tell(),
      lost: (error) => this.#lost(error),
    })
    this.clocks = new ShardClocks(part, epochMicroseconds, {
      send: (mail) => this.#mail(mail),
      nextMessage: (limitMs) => this.#new.wait(limitMs),
    })
  }

  /** Throws kind 'unreachable' where nobody is there, and what else keeps a connection from standing. */
  static async open(parts: RendezvousParts): Promise<Rendezvous> {
    const rendezvous = new Rendezvous(parts)
    await rendezvous.#line.open()
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
      if (leftMs > 0) await this.#new.wait(leftMs)
      else if (this.#company.isHeard) await this.#callOff()
      else throw notPassedOn(part.run, timeoutMs / 1000)
    }
    if (this.#failure !== undefined && !signal.aborted) throw this.#failure
  }

  /** All that wait name the same shards: who leaves first would else be one of them. */
  async #callOff(): Promise<void> {
    const missing = this.#missing
    this.#line.say('all', { say: 'off', missing })
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
      await this.#new.wait((deadline - epochMicroseconds()) / 1000)
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
    if (this.#line.isConnected) {
      this.#enter('done')
      await this.#othersAsked()
      this.#isLeaving = true
      await this.#allSettled()
    }
    this.#isLeaving = true
    await this.#line.close()
  }

  /** Who asked for our time before the load asks again after it. */
  async #othersAsked(): Promise<void> {
    const { signal } = this.#parts
    const deadline = epochMicroseconds() + askedLimitMs * 1000
    const isAwaited = (shard: number) => this.#company.isThere(shard)
    while (this.clocks.askers.some(isAwaited) && epochMicroseconds() < deadline && !signal.aborted) {
      if (this.#failure !== undefined) return
      await this.#new.wait((deadline - epochMicroseconds()) / 1000)
    }
  }

  /** Without a word: the others hear the will. */
  abandon(): void {
    this.#isLeaving = true
    this.#line.abandon()
  }

  #enter(stage: Stage): void {
    this.#company.stage = stage
    this.#line.say('all', { say: 'state', ...this.#company.state })
  }

  get #missing(): readonly number[] {
    return this.#company.missing
  }

  #heard(payload: Buffer): void {
    if (this.#isLeaving) return
    const message = decodeMessage(payload)
    if (message === undefined) this.#clockMessage(payload)
    else this.#react(this.#company.take(message, epochMicroseconds()))
  }

  #clockMessage(payload: Buffer): void {
    const message = readClockMessage(payload)
    if (message === undefined) return
    const answer = this.clocks.take(message)
    if (answer !== undefined) this.#mail(answer)
    this.#new.tell()
  }

  #mail({ to, message }: ClockMail): void {
    this.#line.mail(to, clockMessageBytes(message))
  }

  #react(reactions: readonly CompanyReaction[]): void {
    for (const reaction of reactions) {
      if (reaction.do === 'answer') this.#line.say(reaction.to, { say: 'answer', ...this.#company.state })
      else if (reaction.do === 'say go') this.#line.say('all', { say: 'go', begun: reaction.begun })
      else if (reaction.do === 'give up') this.#failure ??= this.#notCome(reaction.missing)
      else if (reaction.do === 'tell') this.#tell(reaction.shard, reaction.what)
      else if (reaction.do === 'fail') this.#failure ??= this.#errorOf(reaction)
    }
    this.#new.tell()
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

  #lost(error: unknown): void {
    if (this.#isLeaving) return
    this.#failure ??=
      error instanceof MqttCliError ? error : new MqttCliError('lost', 'The rendezvous was lost', { cause: error })
    this.#new.tell()
  }

  /** What was said last has reached the broker; who does not answer keeps nobody. */
  async #allSettled(): Promise<void> {
    const deadline = epochMicroseconds() + 2e6
    while (!this.#line.isSettled && epochMicroseconds() < deadline) {
      await this.#new.wait((deadline - epochMicroseconds()) / 1000)
      if (this.#parts.signal.aborted) break
    }
  }
}
