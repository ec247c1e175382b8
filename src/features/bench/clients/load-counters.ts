import { publishRefusalReason } from '../../../protocol/reason-codes.ts'
import type { ProtocolVersion } from '../../../protocol/wire/packet.ts'
import { ArrivalCounters, type ArrivalCountersData } from '../counters/arrival-counters.ts'
import { ConnectCounters, type ConnectCountersData } from '../counters/connect-counters.ts'
import { LatencyRecorder } from '../counters/latency-recorder.ts'
import { MessageCounters, type MessageCountersData } from '../counters/message-counters.ts'
import type { ArrivedCounters } from '../messages/message-matcher.ts'
import { Flight, flightMemory } from '../pace/flight.ts'
import { PhaseClock } from '../pace/phase-clock.ts'
import { wholeOf } from '../settings.ts'
import type { PublishedCounters } from './load-publisher.ts'

/** The counters as plain data: what one thread tells another. Histograms are in their standard encoding. */
export interface LoadCountersData {
  readonly version: ProtocolVersion
  readonly connect: ConnectCountersData
  readonly slowResponse: string
  readonly subscribed: string
  readonly published: {
    readonly warmup: MessageCountersData
    readonly measure: MessageCountersData
    readonly response: string
    readonly service: string
    readonly sendDelay: string
  }
  readonly arrived: {
    readonly warmup: ArrivalCountersData
    readonly measure: ArrivalCountersData
    readonly response: string
    readonly service: string
  }
}

type Clients = Parameters<typeof wholeOf>[0]

/** What publishers of another shard send is on its way there, and not here. */
function publishersOfHere({ part }: Clients): ArrivedCounters['isOfHere'] {
  if (part === undefined) return undefined
  const [first = 0] = part.publishers.numbers
  const end = first + part.publishers.numbers.length
  return (publisher) => publisher >= first && publisher < end
}

/** Everything that one run counts, in one thread or over all of them. */
export class LoadCounters {
  readonly phases = new PhaseClock()
  readonly connect = new ConnectCounters()
  readonly published: PublishedCounters
  readonly arrived: ArrivedCounters
  /** Of subscribers that are slow on purpose. */
  readonly slowResponse = new LatencyRecorder()
  /** From SUBSCRIBE to SUBACK. */
  readonly subscribed = new LatencyRecorder()
  /** What is on its way; of a run with several threads they have one. */
  readonly flight: Flight
  version: ProtocolVersion = 5

  constructor(runId: number, settings: Clients, flight = new Flight(flightMemory())) {
    const { phases } = this
    const hasPublishers = wholeOf(settings).publishers > 0
    this.flight = flight
    this.published = {
      phases,
      warmup: new MessageCounters(),
      measure: new MessageCounters(),
      response: new LatencyRecorder(),
      service: new LatencyRecorder(),
      sendDelay: new LatencyRecorder(),
      flight,
      reasonName: (code) =>
        `${publishRefusalReason(this.version, code)?.name ?? 'reason code'} (0x${code.toString(16)})`,
    }
    this.arrived = {
      phases,
      warmup: new ArrivalCounters(),
      measure: new ArrivalCounters(),
      response: new LatencyRecorder(),
      service: new LatencyRecorder(),
      runId: hasPublishers ? runId : undefined,
      joinsMidway: !hasPublishers,
      isCountedOnly: false,
      isOfHere: publishersOfHere(settings),
      clockAhead: undefined,
      flight,
      settlesInOrder: true,
    }
  }

  get data(): LoadCountersData {
    const { version, connect, published, arrived } = this
    return {
      version,
      connect: connect.data,
      slowResponse: this.slowResponse.encoded(),
      subscribed: this.subscribed.encoded(),
      published: {
        warmup: published.warmup.data,
        measure: published.measure.data,
        response: published.response.encoded(),
        service: published.service.encoded(),
        sendDelay: published.sendDelay.encoded(),
      },
      arrived: {
        warmup: arrived.warmup.data,
        measure: arrived.measure.data,
        response: arrived.response.encoded(),
        service: arrived.service.encoded(),
      },
    }
  }

  add({ version, connect, published, arrived, slowResponse, subscribed }: LoadCountersData): void {
    this.version = version
    this.slowResponse.add(slowResponse)
    this.subscribed.add(subscribed)
    this.connect.add(connect)
    this.published.warmup.add(published.warmup)
    this.published.measure.add(published.measure)
    this.published.response.add(published.response)
    this.published.service.add(published.service)
    this.published.sendDelay.add(published.sendDelay)
    this.arrived.warmup.add(arrived.warmup)
    this.arrived.measure.add(arrived.measure)
    this.arrived.response.add(arrived.response)
    this.arrived.service.add(arrived.service)
  }

  /** Grows whenever anything happens to any message of ours: those of others may never end. */
  get progress(): number {
    const { published, arrived } = this
    const out = published.warmup.sent + published.measure.sent + published.warmup.acked + published.measure.acked
    const arrivals = arrived.warmup.received + arrived.measure.received
    return out + arrivals + arrived.measure.duplicate + arrived.warmup.duplicate
  }

  /** Grows whenever the broker does anything for a message of ours. */
  get served(): number {
    const { warmup, measure } = this.published
    const { received, duplicate } = this.arrived.warmup
    const arrivals = received + duplicate + this.arrived.measure.received + this.arrived.measure.duplicate
    return warmup.acked + warmup.refusals + measure.acked + measure.refusals + arrivals
  }

  /** First arrivals, backlog and foreign payloads, of all phases. */
  get arrivals(): number {
    const { warmup, measure } = this.arrived
    return warmup.received + measure.received + measure.backlog + measure.foreign
  }
}
