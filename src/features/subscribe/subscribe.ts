// Subscribing: filters asked for, again after each reconnect, and every message handed to an output; what was not written is
// not acknowledged. It prints nothing. Begin here.

import type { Advice } from '../../advice.ts'
import { Connection } from '../../connection/connection.ts'
import type { MakeDriver } from '../../connection/link/link.ts'
import type { Standing } from '../../connection/reconnect/standing.ts'
import type { ConnectionSettings } from '../../connection/settings.ts'
import type { Transport } from '../../connection/transport/transport.ts'
import { after, afterFailure, stopAfter } from '../../connection/waiting.ts'
import type { MqttCliError } from '../../errors.ts'
import { drainDeadlineMs } from '../../protocol/session/drain-deadline.ts'
import { topicMatches } from '../../protocol/topic-filter.ts'
import type { Suback } from '../../protocol/wire/packet.ts'
import type { PublishView } from '../../protocol/wire/publish-view.ts'
import type { SubscribeSettings } from './settings.ts'
import { allRefused, type RefusedFilter, refusedFilters } from './suback.ts'

/** Where shown messages go. */
interface MessageOutput {
  /** One message, in place: copy what you keep. Throws one of our errors for what it cannot show. */
  show(message: PublishView): void
  /** The messages shown since the last call are to be written; `done` says when they are, or that they cannot be. */
  flush(done: (isWritten: boolean) => void): void
}

interface SubscribeContext {
  readonly connection: ConnectionSettings
  readonly subscribe: SubscribeSettings
  readonly makeDriver: MakeDriver
  readonly output: MessageOutput
  /** The user's wish to stop; its reason is what the run ends with. */
  readonly signal: AbortSignal
  readonly tap?: (transport: Transport) => Transport
  readonly reconnecting?: (error: MqttCliError, delayMs: number) => void
  readonly notice?: (message: Advice) => void
  readonly standing?: (standing: Standing) => void
  /** Some filters were refused, and others not. */
  readonly refused?: (filters: readonly RefusedFilter[]) => void
  readonly subscribed?: (suback: Suback) => void
}

/** Subscribes and shows messages until the count is reached, the user stops, or the connection ends for good. */
export async function subscribe(context: SubscribeContext): Promise<void> {
  await new Subscription(context).run()
}

/** One run: a connection, what is shown of it, and when it is enough. */
class Subscription {
  readonly #context: SubscribeContext
  readonly #connection: Connection
  readonly #filter: MessageFilter
  readonly #stop: AbortController
  #shown = 0
  #unwritten = 0
  #isEnough = false
  /** Why there is no session now. */
  #outage: MqttCliError | undefined
  #enough: () => void = () => {}
  #fail: (error: unknown) => void = () => {}
  #onWritten: () => void = () => {}

  constructor(context: SubscribeContext) {
    const { connection, makeDriver, tap, notice } = context
    this.#context = context
    this.#stop = stopAfter(context.subscribe.giveUpAfterMs, context.signal, [{ try: 'trace-meanwhile' }])
    this.#filter = new MessageFilter(context.subscribe)
    this.#connection = new Connection({
      settings: connection,
      makeDriver,
      signal: this.#stop.signal,
      tap,
      events: {
        connected: (standing) => this.#connected(standing),
        reconnecting: (error, delayMs) => this.#lost(error, delayMs),
        notice,
      },
      sink: { message: (message) => this.#message(message), batchEnd: (written) => this.#batchEnd(written) },
    })
  }

  async run(): Promise<void> {
    const { signal } = this.#stop
    const enough = new Promise<void>((resolve, reject) => {
      this.#enough = resolve
      this.#fail = reject
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    enough.catch(() => {})
    try {
      await Promise.race([this.#connection.open(), enough]) // enough may come before SUBACK, which may never come
      await Promise.race([enough, this.#connection.finished])
    } catch (reason) {
      this.#isEnough = true
      await Promise.race([this.#allWritten(), after(drainDeadlineMs)])
      if (this.#connection.isConnected) await this.#connection.close()
      throw afterFailure(reason, this.#outage)
    }
    await this.#connection.close()
  }

  #connected(standing: Standing): Promise<void> {
    this.#outage = undefined
    this.#context.standing?.(standing)
    return this.#subscribeAgain()
  }

  #lost(error: MqttCliError, delayMs: number): void {
    this.#outage = error
    this.#context.reconnecting?.(error, delayMs)
  }

  /** After each connect: a session that the server kept has its subscriptions, and gets them again all the same. */
  async #subscribeAgain(): Promise<void> {
    const { subscribe } = this.#context
    const suback = await this.#connection.subscribe(subscribe.subscriptions, subscribe.properties)
    const { version } = this.#connection
    const refused = refusedFilters(suback, subscribe.subscriptions, version)
    if (refused.length === subscribe.subscriptions.length) this.#fail(allRefused(refused, version))
    else if (refused.length > 0) this.#context.refused?.(refused)
    if (subscribe.unsubscribe.length > 0) {
      await this.#connection.unsubscribe(subscribe.unsubscribe, subscribe.unsubscribeProperties)
    }
    this.#context.subscribed?.(suback)
    if (subscribe.exitAfterSuback) this.#finish()
  }

  /** False: enough was shown, and this one is the next reader's. */
  #message(message: PublishView): boolean {
    if (this.#isEnough) return false
    if (!this.#filter.shows(message)) {
      if (this.#context.subscribe.retainedOnly) this.#isEnough = true // the retained ones come first, and are all out
      return true
    }
    try {
      this.#context.output.show(message)
    } catch (error) {
      this.#isEnough = true
      this.#fail(error)
      return false // what cannot be shown is not acknowledged
    }
    this.#shown++
    if (this.#shown === this.#context.subscribe.count) this.#isEnough = true
    return true
  }

  #batchEnd(written: () => void): void {
    this.#unwritten++
    this.#context.output.flush((isWritten) => {
      this.#unwritten--
      if (isWritten) written() // what is not written is not acknowledged
      if (this.#unwritten > 0) return
      this.#onWritten()
      if (this.#isEnough) this.#finish()
    })
  }

  #finish(): void {
    this.#isEnough = true
    this.#enough()
  }

  #allWritten(): Promise<void> {
    return new Promise((resolve) => {
      this.#onWritten = resolve
      if (this.#unwritten === 0) resolve()
    })
  }
}

/** Which messages are shown: `-T`, `-R` and `--retained-only`. Free when none of them is given. */
class MessageFilter {
  readonly #filterOut: readonly string[]
  readonly #hideRetained: boolean
  readonly #retainedOnly: boolean

  constructor({ filterOut, hideRetained, retainedOnly }: SubscribeSettings) {
    this.#filterOut = filterOut
    this.#hideRetained = hideRetained
    this.#retainedOnly = retainedOnly
  }

  shows(message: PublishView): boolean {
    if (message.retain ? this.#hideRetained : this.#retainedOnly) return false
    return this.#filterOut.length === 0 || !this.#isFilteredOut(message.topic())
  }

  #isFilteredOut(topic: string): boolean {
    return this.#filterOut.some((filter) => topicMatches(filter, topic))
  }
}
