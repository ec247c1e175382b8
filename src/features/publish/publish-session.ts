import type { Advice } from '../../advice.ts'
import { Connection, type ConnectionEvents } from '../../connection/connection.ts'
import type { MakeDriver } from '../../connection/link/link.ts'
import { Publisher } from '../../connection/publish/publisher.ts'
import type { Standing } from '../../connection/reconnect/standing.ts'
import type { ConnectionSettings } from '../../connection/settings.ts'
import type { Transport } from '../../connection/transport/transport.ts'
import { after, afterFailure } from '../../connection/waiting.ts'
import { MqttCliError } from '../../errors.ts'
import type { Packet } from '../../protocol/wire/packet.ts'
import {
  PublishCounter,
  type PublishOutcome,
  refusalIn,
  type Unit,
  unconfirmedFacts,
  unconfirmedText,
} from './outcome.ts'
import type { PublishSettings } from './settings.ts'

export interface PublishContext {
  readonly connection: ConnectionSettings
  readonly publish: PublishSettings
  readonly makeDriver: MakeDriver
  /** The user's wish to stop; its reason is what the run ends with. */
  readonly signal: AbortSignal
  readonly tap?: (transport: Transport) => Transport
  readonly reconnecting?: ConnectionEvents['reconnecting']
  readonly standing?: (standing: Standing) => void
  readonly notice?: (message: Advice) => void
}

/** A connection that publishes, and counts what became of each message. */
export class PublishSession {
  readonly publisher: Publisher
  readonly counter = new PublishCounter()
  /** There is no further message: an error need not say what was not sent. */
  isAllTaken = false
  #isDraining = false
  /** Called when messages may be published again. */
  onReady: () => void = () => {}
  readonly #context: PublishContext
  readonly #connection: Connection
  readonly #unit: Unit
  #onSettled: () => void = () => {}
  #onConnected: () => void = () => {}
  #sinceFlushed = 0
  #topic: string
  /** Why there is no session now. */
  #outage: MqttCliError | undefined

  constructor(context: PublishContext, unit: Unit) {
    const { publish, connection, makeDriver, signal, tap } = context
    this.#context = context
    this.#unit = unit
    this.#topic = publish.topics[0] ?? ''
    this.publisher = new Publisher({ ...publish, topic: this.#topic }, connection.inflightMaximum, {
      ready: () => this.onReady(),
      settled: (ordinal, refusedWith, packet) => this.#settled(ordinal, refusedWith, packet),
    })
    const events: ConnectionEvents = {
      connected: (standing) => this.#connected(standing),
      reconnecting: (error, delayMs) => this.#lost(error, delayMs),
      notice: (message) => context.notice?.(message),
    }
    this.#connection = new Connection({
      settings: connection,
      makeDriver,
      signal,
      tap,
      events,
      publisher: this.publisher,
    })
  }

  /** A broker that does not take this kind of publish is left with DISCONNECT: without, it would publish our will. */
  async open(): Promise<void> {
    try {
      await this.#connection.open()
    } catch (reason) {
      if (this.#connection.isConnected) await this.#connection.close()
      throw afterFailure(reason, this.#outage)
    }
  }

  /** The connection's end, for who waits for something else meanwhile. */
  get ended(): Promise<void> {
    return this.#connection.finished
  }

  /** Where the next message goes. */
  set topic(topic: string) {
    if (topic === this.#topic) return
    this.#topic = topic
    this.publisher.topic = topic
  }

  /** Takes one message, and counts it. Its bytes are not touched any more until it is settled. */
  take(payload: Buffer, start: number, end: number, ordinal: number) {
    const publishing = this.publisher.publish(payload, start, end, ordinal, true)
    if (publishing === 'taken') {
      this.counter.taken++
      this.counter.lastTaken = ordinal
      this.#sinceFlushed++
    } else if (publishing === 'tooLarge') this.counter.wasTooLarge(ordinal)
    return publishing
  }

  /** Resolves when every message taken so far has reached the broker, or has its acknowledgement. */
  async drained(): Promise<void> {
    this.publisher.flush()
    this.#isDraining = true
    this.#connection.awaitAnswers()
    if (this.#context.publish.qos === 0) return this.#pinged()
    await new Promise<void>((resolve) => {
      this.#onSettled = () => {
        if (this.publisher.window.size === 0) resolve()
      }
      this.#onSettled()
    })
  }

  /** DISCONNECT, and the result; throws what a refusal amounts to. */
  async close(): Promise<PublishOutcome> {
    await this.#connection.close()
    const outcome = this.outcome()
    const refusal = refusalIn(outcome, this.#unit, this.#context.publish.topics, this.publisher.version)
    if (refusal !== undefined) throw refusal
    return outcome
  }

  /** Ends early: waits for acknowledgements no longer than the drain deadline, says DISCONNECT, throws the reason. */
  async abandon(reason: unknown): Promise<never> {
    if (this.#connection.isConnected && this.counter.taken > 0 && !isTimeUp(reason)) {
      await Promise.race([this.drained(), this.ended.catch(() => {}), after(this.#context.publish.drainDeadlineMs)])
    }
    if (this.#connection.isConnected) await this.#connection.close()
    throw this.withUnconfirmed(afterFailure(reason, this.#outage))
  }

  /** The same error, with what is unconfirmed named in it. */
  withUnconfirmed(reason: unknown): unknown {
    const outcome = this.outcome()
    if (!(reason instanceof MqttCliError) || outcome.taken === 0 || this.#context.publish.qos === 0) return reason
    const facts = { ...reason.details.facts, ...unconfirmedFacts(outcome, this.#unit) }
    const text = unconfirmedText(outcome, this.#unit, this.isAllTaken)
    const message = text === undefined ? reason.message : `${reason.message}. ${text}`
    const isLost = reason.kind === 'unreachable' && outcome.unconfirmed.length > 0
    const { wording } = reason.details
    const worded = wording?.try === 'time-is-up' && { wording: { ...wording, account: text } }
    return new MqttCliError(isLost ? 'lost' : reason.kind, message, { ...reason.details, facts, ...worded })
  }

  outcome(): PublishOutcome {
    return this.counter.outcome(this.publisher.window.ordinals())
  }

  #settled(ordinal: number, refusedWith: number | undefined, packet: Packet | undefined): void {
    const reasonString = packet !== undefined && 'properties' in packet ? packet.properties.reasonString : undefined
    this.counter.settled(ordinal, refusedWith, reasonString)
    this.#onSettled()
  }

  /** A ping that comes back has pushed everything before it through; a connection that breaks first may have lost some. */
  async #pinged(): Promise<void> {
    for (let answered = false; !answered; ) {
      const connected = new Promise<void>((resolve) => {
        this.#onConnected = resolve
      })
      answered = await this.#connection.ping().then(
        () => true,
        () => false,
      )
      if (!answered) await connected // or never: then the end of the connection is what the run ends with
    }
    this.#sinceFlushed = 0
  }

  #connected(standing: Standing): void {
    this.#outage = undefined
    this.#context.standing?.(standing)
    if (this.#isDraining) this.#connection.awaitAnswers()
    this.#onConnected()
  }

  #lost(error: MqttCliError, delayMs: number): void {
    this.#outage = error
    if (this.#context.publish.qos === 0) {
      this.counter.maybeLost += this.#sinceFlushed
      this.#sinceFlushed = 0
    }
    this.#context.reconnecting?.(error, delayMs)
  }
}

/** Who gave us so much time and no more does not want to wait for acknowledgements on top of it. */
function isTimeUp(reason: unknown): boolean {
  return reason instanceof MqttCliError && reason.kind === 'gave-up'
}
