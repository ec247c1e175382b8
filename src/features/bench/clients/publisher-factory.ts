import { MqttCliError } from '../../../errors.ts'
import type { ProtocolVersion } from '../../../protocol/wire/packet.ts'
import { loadRandom } from '../load-random.ts'
import { LoadPayloads } from '../messages/load-payloads.ts'
import { withStamp } from '../messages/stamp-property.ts'
import { expandedProperties, publisherNames } from '../naming/client-settings.ts'
import type { LoadTopics } from '../naming/load-topics.ts'
import type { RateCurve } from '../pace/arrival-schedule.ts'
import { arrivalSchedule } from '../pace/arrival-schedule.ts'
import type { FlightWindow } from '../pace/flight-window.ts'
import { type BenchSettings, wholeOf } from '../settings.ts'
import type { LoadClient } from './load-client.ts'
import { LoadPublisher, type PublishedCounters } from './load-publisher.ts'

interface PublisherFactoryParts {
  readonly settings: BenchSettings
  readonly runId: number
  readonly runName: string
  readonly topics: LoadTopics
  readonly counters: PublishedCounters
  /** Undefined: as fast as it goes. */
  readonly curve: RateCurve | undefined
  /** Closes the loop by what arrives. */
  readonly window: FlightWindow | undefined
  /** A publisher that was held up may go on. */
  readonly unblocked: (publisher: LoadPublisher) => void
}

/** Makes the publishers of a run, each with its topic, its payloads and its part of the rate. */
export class PublisherFactory {
  readonly #parts: PublisherFactoryParts
  readonly #payloads: LoadPayloads

  constructor(parts: PublisherFactoryParts) {
    this.#parts = parts
    this.#payloads = new LoadPayloads(parts.settings, parts.runId, parts.runName)
  }

  publisher(index: number, version: ProtocolVersion): LoadPublisher {
    const { settings, topics, counters, curve, window, unblocked, runName } = this.#parts
    const { inflightMaximum } = settings.connection
    const stamp = this.#payloads.stampOf(index, version)
    const topicOf = topics.messageTopicsOf(index)
    const messages = messagesOf(settings.end, index, wholeOf(settings).publishers)
    const own = expandedProperties(settings.properties, publisherNames(settings, index, runName))
    const properties = { ...withStamp(own, stamp), ...this.#requestProperties(index) }
    return new LoadPublisher({
      index,
      topic: topics.topicOf(index),
      ...(topicOf && { topicOf }),
      template: { qos: settings.qos, retain: settings.retain, properties },
      ...(inflightMaximum !== undefined && { inflightMaximum }),
      payload: this.#payloads.payloadOf(index, stamp),
      counters,
      messages,
      ...(curve !== undefined && { schedule: this.#schedule(curve, index, messages) }),
      ...(window && { window }),
      unblocked,
    })
  }

  #requestProperties(requester: number) {
    const { settings, topics, runName } = this.#parts
    if (settings.mode !== 'rpc') return {}
    return { responseTopic: topics.replyTopicOf(requester), correlationData: Buffer.from(runName, 'hex') }
  }

  #schedule(curve: RateCurve, publisher: number, messages: number) {
    const { settings } = this.#parts
    const { load } = settings
    const { publishers } = wholeOf(settings)
    const arrival = load.mode === 'paced' ? load.arrival : 'uniform'
    return arrivalSchedule(
      { curve, publisher, publishers, messages },
      arrival,
      loadRandom(settings, 'arrivals', publisher),
    )
  }
}

/** Messages of one publisher where a number of messages ends the run: evenly, the first ones one more. */
export function messagesOf(end: BenchSettings['end'], index: number, publishers: number): number {
  if (end.by === 'duration') return Number.POSITIVE_INFINITY
  return Math.floor(end.count / publishers) + (index < end.count % publishers ? 1 : 0)
}

/** Throws kind 'refused' where the broker takes no packet of this size: found out before the run, not in it. */
export function refuseTooLarge({ established }: LoadClient, { publisher }: LoadPublisher, largestBytes: number): void {
  if (publisher.takes(largestBytes)) return
  const { maximumPacketSize } = established.limits
  throw new MqttCliError('refused', `The broker takes packets of at most ${maximumPacketSize} bytes`, {
    layer: 'CONNACK',
    reasonName: 'above the Maximum Packet Size',
    tries: [{ try: 'smaller-messages' }],
  })
}
