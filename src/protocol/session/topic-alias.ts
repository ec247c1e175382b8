import { ReasonCode } from '../reason-code.ts'

/** Why an inbound topic alias cannot be used, and what a conforming receiver answers before it closes. */
interface TopicAliasProblem {
  readonly rule: string
  readonly reasonCode: typeof ReasonCode.protocolError | typeof ReasonCode.topicAliasInvalid
  readonly message: string
}

/** The topics that the other side gave numbers to on this connection. Allocates only when an alias gets a new topic. */
export class InboundTopicAliases {
  readonly #maximum: number
  #topics = new Map<number, Uint8Array>()
  #before: ReadonlyMap<number, Uint8Array> = new Map()

  /** `maximum`: the Topic Alias Maximum that we announced; 0 allows none. */
  constructor(maximum: number) {
    this.#maximum = maximum
  }

  /** What is wrong with the alias of a PUBLISH whose topic name has `topicBytes` bytes, if anything. */
  problem(alias: number, topicBytes: number): TopicAliasProblem | undefined {
    if (alias === 0)
      return { rule: '[MQTT-3.3.2-8]', reasonCode: ReasonCode.topicAliasInvalid, message: 'the topic alias is 0' }
    if (alias > this.#maximum) {
      return {
        rule: this.#maximum === 0 ? '[MQTT-3.1.2-27]' : '[MQTT-3.1.2-26]',
        reasonCode: ReasonCode.topicAliasInvalid,
        message: `topic alias ${alias} is above our Topic Alias Maximum of ${this.#maximum}`,
      }
    }
    if (topicBytes > 0 || this.#topics.has(alias)) return undefined
    if (this.#before.has(alias)) {
      const message = `topic alias ${alias} belongs to an earlier connection`
      return { rule: '[MQTT-3.3.2-7]', reasonCode: ReasonCode.protocolError, message }
    }
    return {
      rule: '[MQTT5 §3.3.2.3.4]',
      reasonCode: ReasonCode.protocolError,
      message: `topic alias ${alias} has no topic on this connection`,
    }
  }

  /** The alias now stands for `source[start, end)`, which is copied unless it already does. */
  define(alias: number, source: Buffer, start: number, end: number): void {
    const known = this.#topics.get(alias)
    if (known !== undefined && source.compare(known, 0, known.length, start, end) === 0) return
    this.#topics.set(alias, new Uint8Array(source.subarray(start, end)))
  }

  /** The topic name in UTF-8. The bytes are ours: do not write to them. */
  topicOf(alias: number): Uint8Array | undefined {
    return this.#topics.get(alias)
  }

  /** A new connection knows no aliases [MQTT-3.3.2-7]; the old ones are kept only to name that fault. */
  startConnection(): void {
    this.#before = this.#topics
    this.#topics = new Map()
  }
}
