import { MqttCliError } from '../../errors.ts'
import { ReasonCode } from '../../protocol/reason-code.ts'
import { publishRefusalReason } from '../../protocol/reason-codes.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'

/** The first message that was refused, for the error that names it. */
interface FirstRefusal {
  readonly ordinal: number
  readonly reasonCode: number
  readonly reasonString?: string
}

/** What became of the messages. `taken` = confirmed + refused + unconfirmed at QoS 1 and 2. */
export interface PublishOutcome {
  readonly taken: number
  readonly confirmed: number
  readonly refused: number
  readonly tooLarge: number
  readonly firstRefusal?: FirstRefusal
  readonly firstTooLarge?: number
  /** The caller's numbers (line numbers) of what nobody confirmed, ascending. */
  readonly unconfirmed: readonly number[]
  /** The number of the last message that was taken; 0 before the first. None after it was sent. */
  readonly lastTaken: number
  /** QoS 0 messages written to a connection that broke before the broker is known to have read them. */
  readonly maybeLost: number
}

/** Counts what becomes of each message. */
export class PublishCounter {
  taken = 0
  lastTaken = 0
  confirmed = 0
  refused = 0
  tooLarge = 0
  maybeLost = 0
  #firstRefusal: FirstRefusal | undefined
  #firstTooLarge: number | undefined

  settled(ordinal: number, refusedWith: number | undefined, reasonString: string | undefined): void {
    if (refusedWith === undefined) {
      this.confirmed++
      return
    }
    this.refused++
    this.#firstRefusal ??= { ordinal, reasonCode: refusedWith, reasonString }
  }

  wasTooLarge(ordinal: number): void {
    this.tooLarge++
    this.#firstTooLarge ??= ordinal
  }

  outcome(unconfirmed: readonly number[]): PublishOutcome {
    const { taken, lastTaken, confirmed, refused, tooLarge, maybeLost } = this
    return {
      taken,
      lastTaken,
      confirmed,
      refused,
      tooLarge,
      maybeLost,
      unconfirmed,
      firstRefusal: this.#firstRefusal,
      firstTooLarge: this.#firstTooLarge,
    }
  }
}

/** What a message is called in an error: a line has a number, a single message has none. */
export type Unit = 'message' | 'line'

/** The error that an outcome amounts to, if it is one: refusals first (exit 4). */
export function refusalIn(outcome: PublishOutcome, unit: Unit, topics: readonly string[], version: ProtocolVersion) {
  if (outcome.refused > 0) return refusedError(outcome, unit, topics, version)
  return outcome.tooLarge > 0 ? tooLargeError(outcome, unit) : undefined
}

function refusedError(
  outcome: PublishOutcome,
  unit: Unit,
  topics: readonly string[],
  version: ProtocolVersion,
): MqttCliError {
  const { firstRefusal, refused } = outcome
  const topic = topicOf(topics, firstRefusal?.ordinal ?? 1)
  const code = firstRefusal?.reasonCode ?? ReasonCode.unspecifiedError
  const reason = publishRefusalReason(version, code)
  const said = firstRefusal?.reasonString === undefined ? '' : `: “${firstRefusal.reasonString}”`
  const which = refusedText(outcome, unit)
  return new MqttCliError('refused', `The broker refused ${which} to ${topic}${said}`, {
    layer: 'PUBLISH',
    reasonCode: code,
    reasonName: reason?.name ?? 'unknown reason code',
    causes: reason === undefined ? [] : [reason.meaning, ...reason.causes],
    tries: ['look at the broker’s access rules for this topic'],
    facts: {
      topic,
      refused,
      confirmed: outcome.confirmed,
      ...(unit === 'line' ? { firstLine: firstRefusal?.ordinal } : {}),
    },
  })
}

/** Every message goes to every topic, in order: so the number tells the topic. */
function topicOf(topics: readonly string[], ordinal: number): string {
  return topics[(ordinal - 1) % topics.length] ?? ''
}

function refusedText({ taken, refused, firstRefusal }: PublishOutcome, unit: Unit): string {
  if (unit === 'line') return `${refused} of ${taken} lines, the first of them line ${firstRefusal?.ordinal}`
  return taken === 1
    ? 'the message'
    : `${refused} of ${taken} messages, the first of them number ${firstRefusal?.ordinal}`
}

function tooLargeError({ tooLarge, firstTooLarge }: PublishOutcome, unit: Unit): MqttCliError {
  const several = unit === 'line' || tooLarge > 1
  const which = several ? `${tooLarge} ${unit}s, the first of them number ${firstTooLarge},` : 'The message'
  return new MqttCliError('refused', `${which} did not go out: larger than the broker, or MQTT, lets a packet be`, {
    layer: 'PUBLISH',
    statement: '[MQTT-3.2.2-15]',
    tries: ['send less in one message', 'raise the limit in the broker’s configuration'],
    facts: { tooLarge },
  })
}

/** Says after an interrupted run what nobody confirmed; the kind is that of what interrupted it. */
export function unconfirmedFacts(outcome: PublishOutcome, unit: Unit): Readonly<Record<string, unknown>> {
  const { confirmed, unconfirmed, lastTaken } = outcome
  if (unit === 'message') return { confirmed, unconfirmed: unconfirmed.length }
  return {
    confirmed,
    unconfirmed: unconfirmed.length,
    ...(unconfirmed.length > 0 && { unconfirmedLines: ranges(unconfirmed) }),
    lastLineSent: lastTaken,
  }
}

/** The same as a sentence, or nothing when there is nothing to say. */
export function unconfirmedText(outcome: PublishOutcome, unit: Unit, isAllTaken: boolean): string | undefined {
  const { confirmed, unconfirmed, lastTaken } = outcome
  if (unit === 'message') {
    return unconfirmed.length === 0 ? undefined : unconfirmedMessages(outcome)
  }
  const unsent = isAllTaken ? [] : [`No line after line ${lastTaken} was sent`]
  if (unconfirmed.length === 0) return unsent[0]
  const lines = `Unconfirmed, and perhaps not delivered: lines ${ranges(unconfirmed)} (${confirmed} lines are confirmed)`
  return [lines, ...unsent].join('. ')
}

function unconfirmedMessages({ taken, unconfirmed }: PublishOutcome): string {
  if (taken === 1) return 'The message is unconfirmed: it may or may not have arrived'
  return `${unconfirmed.length} of ${taken} messages are unconfirmed: they may or may not have arrived`
}

/** `17-19, 40`: ascending numbers as ranges. */
function ranges(numbers: readonly number[]): string {
  const parts: string[] = []
  let from = numbers[0]
  for (let i = 0; i < numbers.length; i++) {
    const here = numbers[i] as number
    if (numbers[i + 1] === here + 1) continue
    parts.push(from === here ? `${here}` : `${from}-${here}`)
    from = numbers[i + 1]
  }
  return parts.join(', ')
}
