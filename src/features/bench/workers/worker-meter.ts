import type { LoadCounters } from '../clients/load-counters.ts'
import type { LoopDelay } from '../counters/loop-delay.ts'
import type { WorkerSample } from './load-worker.ts'

type Totals = Pick<
  WorkerSample,
  | 'cpuMicroseconds'
  | 'offered'
  | 'sent'
  | 'acked'
  | 'received'
  | 'receivedOfWarmup'
  | 'sentPayloadBytes'
  | 'receivedPayloadBytes'
>

/** Tells what happened in one thread's part of a run since the last time. */
export class WorkerMeter {
  readonly #counters: LoadCounters
  readonly #loopDelay: LoopDelay
  readonly #cpuMicroseconds: () => number
  #last: Totals

  constructor(counters: LoadCounters, loopDelay: LoopDelay, cpuMicroseconds: () => number) {
    this.#counters = counters
    this.#loopDelay = loopDelay
    this.#cpuMicroseconds = cpuMicroseconds
    this.#last = this.#totals
  }

  take(unacknowledged: number): WorkerSample {
    const { arrived, connect, published } = this.#counters
    const totals = this.#totals
    const second = {
      ...differences(totals, this.#last),
      connected: connect.standing,
      unacknowledged,
      loopDelayMaxMicroseconds: Math.round(this.#loopDelay.takeMaxMicroseconds()),
      response: arrived.response.endSecond(),
      service: arrived.service.endSecond(),
      acknowledged: published.response.endSecond(),
    }
    published.service.endSecond()
    this.#last = totals
    return second
  }

  get #totals(): Totals {
    const { published, arrived } = this.#counters
    const out = (name: 'offered' | 'sent' | 'acked' | 'payloadBytes') =>
      published.warmup[name] + published.measure[name]
    return {
      cpuMicroseconds: this.#cpuMicroseconds(),
      offered: out('offered'),
      sent: out('sent'),
      acked: out('acked'),
      received: arrived.warmup.received + arrived.measure.received,
      receivedOfWarmup: arrived.warmup.received,
      sentPayloadBytes: out('payloadBytes'),
      receivedPayloadBytes: arrived.warmup.payloadBytes + arrived.measure.payloadBytes,
    }
  }
}

function differences(now: Totals, before: Totals): Totals {
  return {
    cpuMicroseconds: now.cpuMicroseconds - before.cpuMicroseconds,
    offered: now.offered - before.offered,
    sent: now.sent - before.sent,
    acked: now.acked - before.acked,
    received: now.received - before.received,
    receivedOfWarmup: now.receivedOfWarmup - before.receivedOfWarmup,
    sentPayloadBytes: now.sentPayloadBytes - before.sentPayloadBytes,
    receivedPayloadBytes: now.receivedPayloadBytes - before.receivedPayloadBytes,
  }
}
