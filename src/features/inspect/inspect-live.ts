// Inspect: a conversation of our own, or bytes of somebody else's, as findings. It prints nothing: `render` draws what is
// found. Begin here for a live connection, with `decode-bytes.ts` for given bytes, with `encode-json.ts` for the way back.

import type { Advice } from '../../advice.ts'
import { Connection } from '../../connection/connection.ts'
import type { Tap } from '../../connection/establish.ts'
import type { MakeDriver } from '../../connection/link/link.ts'
import { Publisher } from '../../connection/publish/publisher.ts'
import type { Standing } from '../../connection/reconnect/standing.ts'
import type { ConnectionSettings } from '../../connection/settings.ts'
import { after, afterFailure, stopAfter } from '../../connection/waiting.ts'
import { MqttCliError } from '../../errors.ts'
import type { Finding } from '../../observation/finding.ts'
import { drainDeadlineMs } from '../../protocol/session/drain-deadline.ts'
import { LiveWire } from './live-wire.ts'
import { publishRefusal, subscriptionRefusal } from './refusals.ts'
import type { InspectedPublish, InspectSettings } from './settings.ts'

/** Where findings go. */
export interface FindingOutput {
  show(finding: Finding): void
  /** `written` when all that was shown is out. */
  flush(written: () => void): void
}

export interface InspectContext {
  readonly connection: ConnectionSettings
  readonly inspect: InspectSettings
  readonly makeDriver: MakeDriver
  readonly output: FindingOutput
  /** The user's wish to stop; its reason is what the run ends with. */
  readonly signal: AbortSignal
  /** Looks at the same bytes: `--trace`. */
  readonly tap?: Tap
  readonly reconnecting?: (error: MqttCliError, delayMs: number) => void
  readonly standing?: (standing: Standing) => void
  readonly notice?: (message: Advice) => void
}

/** How long handshakes of the broker may take, once enough has come. */
const settleDeadlineMs = 1000

/** Connects, subscribes, publishes, and tells all that passes; the summary comes whatever ends it. */
export async function inspectLive(context: InspectContext): Promise<void> {
  const inspection = new LiveInspection(context)
  try {
    await inspection.run()
  } finally {
    inspection.end()
  }
}

class LiveInspection {
  readonly #context: InspectContext
  readonly #wire: LiveWire
  readonly #connection: Connection
  readonly #publisher: Publisher
  readonly #stop: AbortController
  #received = 0
  #isLost = false
  /** Messages beyond the count: nobody acknowledges them. */
  #unwanted = 0
  #refusal: MqttCliError | undefined
  /** Why there is no session now. */
  #outage: MqttCliError | undefined
  /** Of the message that is being published. */
  #topic = ''
  #onReady: () => void = () => {}
  #onChange: () => void = () => {}
  #fail: (error: unknown) => void = () => {}

  constructor(context: InspectContext) {
    const { inspect, connection, makeDriver, output, notice } = context
    this.#context = context
    this.#stop = stopAfter(inspect.giveUpAfterMs, context.signal)
    this.#wire = new LiveWire({
      filter: inspect.filter,
      subscribes: inspect.subscriptions.length > 0,
      onFinding: (finding) => output.show(finding),
      onPacket: () => this.#onChange(),
    })
    this.#publisher = this.#newPublisher()
    this.#connection = new Connection({
      settings: { ...connection, toleratesFlags: true }, // what they break is told with the packet
      makeDriver,
      signal: this.#stop.signal,
      tap: bothTaps(this.#wire.tap, context.tap),
      events: {
        connected: (standing) => this.#connected(standing),
        reconnecting: (error, delayMs) => this.#lost(error, delayMs),
        notice,
      },
      sink: { message: () => this.#message(), batchEnd: (written) => output.flush(written) },
      ...(inspect.publishes.length > 0 && { publisher: this.#publisher }),
    })
  }

  #connected(standing: Standing): Promise<void> {
    this.#outage = undefined
    this.#context.standing?.(standing)
    return this.#subscribe()
  }

  #lost(error: MqttCliError, delayMs: number): void {
    this.#outage = error
    this.#context.reconnecting?.(error, delayMs)
  }

  async run(): Promise<void> {
    const failed = this.#failure()
    try {
      await Promise.race([this.#connection.open(), failed]) // SUBACK may never come
      await Promise.race([this.#work(), failed, this.#connection.finished.then(() => failed)])
    } catch (reason) {
      this.#isLost = reason instanceof MqttCliError && reason.kind === 'lost'
      await this.#leave()
      throw afterFailure(reason, this.#outage)
    }
    await this.#connection.close()
    if (this.#refusal !== undefined) throw this.#refusal
  }

  end(): void {
    this.#wire.end(!this.#isLost)
  }

  async #work(): Promise<void> {
    for (const publish of this.#context.inspect.publishes) await this.#publish(publish)
    await this.#until(() => this.#received >= this.#wanted)
    await Promise.race([this.#until(() => this.#isSettled), after(settleDeadlineMs)])
  }

  /** Without a count: for ever when there is something to wait for, and not at all when there is nothing. */
  get #wanted(): number {
    const { count, subscriptions, giveUpAfterMs, publishes } = this.#context.inspect
    const waits = giveUpAfterMs !== undefined || (subscriptions.length > 0 && publishes.length === 0)
    return count ?? (waits ? Number.POSITIVE_INFINITY : 0)
  }

  /** The broker's own handshakes have come to their end. */
  get #isSettled(): boolean {
    return (this.#wire.conversation?.server.inFlight.size ?? 0) <= this.#unwanted
  }

  async #publish({ topic, payload }: InspectedPublish): Promise<void> {
    const { qos } = this.#context.inspect
    const bytes = Buffer.from(payload)
    this.#publisher.topic = topic
    let publishing = this.#publisher.publish(bytes, 0, bytes.length, 0)
    while (publishing === 'wait') {
      await new Promise<void>((resolve) => {
        this.#onReady = resolve
      })
      publishing = this.#publisher.publish(bytes, 0, bytes.length, 0)
    }
    if (publishing === 'tooLarge') throw tooLarge(topic)
    this.#topic = topic
    this.#publisher.flush()
    this.#connection.awaitAnswers()
    if (qos === 0) await this.#connection.ping()
    else await this.#until(() => this.#publisher.window.size === 0)
  }

  #newPublisher(): Publisher {
    const { inspect, connection } = this.#context
    const { qos, retain, publishProperties: properties, publishes } = inspect
    return new Publisher({ topic: publishes[0]?.topic ?? '', qos, retain, properties }, connection.inflightMaximum, {
      ready: () => this.#onReady(),
      settled: (_, refusedWith) => this.#settled(refusedWith),
    })
  }

  #settled(refusedWith: number | undefined): void {
    if (refusedWith !== undefined) {
      this.#refusal ??= publishRefusal(this.#topic, refusedWith, this.#publisher.version)
    }
    this.#onChange()
  }

  async #subscribe(): Promise<void> {
    const { subscriptions, subscribeProperties } = this.#context.inspect
    if (subscriptions.length === 0) return
    const suback = await this.#connection.subscribe(subscriptions, subscribeProperties)
    const refusal = subscriptionRefusal(suback, subscriptions, this.#connection.version)
    if (refusal !== undefined) this.#fail(refusal)
  }

  /** False: enough has come. */
  #message(): boolean {
    if (this.#received >= (this.#context.inspect.count ?? Number.POSITIVE_INFINITY)) {
      this.#unwanted++
      return false
    }
    this.#received++
    this.#onChange()
    return true
  }

  /** Resolves when the condition holds, looked at after each packet. */
  #until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#onChange = () => {
        if (holds()) resolve()
      }
      this.#onChange()
    })
  }

  #failure(): Promise<never> {
    const { signal } = this.#stop
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject
      if (signal.aborted) reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    failed.catch(() => {})
    return failed
  }

  /** What is under way may end, for a while; then DISCONNECT. */
  async #leave(): Promise<void> {
    if (this.#connection.isConnected && this.#publisher.window.size > 0) {
      const over = this.#connection.finished.catch(() => {})
      await Promise.race([this.#until(() => this.#publisher.window.size === 0), over, after(drainDeadlineMs)])
    }
    if (this.#connection.isConnected) await this.#connection.close()
  }
}

function bothTaps(first: Tap, second: Tap | undefined): Tap {
  if (second === undefined) return first
  return (transport, timings) => second(first(transport, timings), timings)
}

function tooLarge(topic: string): MqttCliError {
  return new MqttCliError('refused', `The message to ${topic} is larger than the broker’s Maximum Packet Size`, {
    layer: 'PUBLISH',
    statement: '[MQTT-3.2.2-15]',
    tries: ['a shorter message'],
  })
}
