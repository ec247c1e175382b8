import { reasonCode } from '../../protocol/reason-codes.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import { ArrivalLedger } from './arrival-ledger.ts'
import { ConnectTally } from './connect-tally.ts'
import { LatencyRecorder } from './latency-recorder.ts'
import type { PublishRecords } from './load-publisher.ts'
import { MessageLedger } from './message-ledger.ts'
import type { ArrivalRecords } from './message-matcher.ts'
import { PhaseClock } from './phase-clock.ts'

/** Everything that one run counts. */
export class LoadRecords {
  readonly phases = new PhaseClock()
  readonly connect = new ConnectTally()
  readonly published: PublishRecords
  readonly arrived: ArrivalRecords
  version: ProtocolVersion = 5

  constructor(runId: number, hasPublishers: boolean) {
    const { phases } = this
    this.published = {
      phases,
      warmup: new MessageLedger(),
      measure: new MessageLedger(),
      response: new LatencyRecorder(),
      service: new LatencyRecorder(),
      sendDelay: new LatencyRecorder(),
      reasonName: (code) =>
        `${reasonCode('puback', this.version, code)?.name ?? 'reason code'} (0x${code.toString(16)})`,
    }
    this.arrived = {
      phases,
      warmup: new ArrivalLedger(),
      measure: new ArrivalLedger(),
      response: new LatencyRecorder(),
      service: new LatencyRecorder(),
      runId: hasPublishers ? runId : undefined,
      joinsMidway: !hasPublishers,
    }
  }

  /** Grows whenever anything happens to any message. */
  get progress(): number {
    const { published, arrived } = this
    const out = published.warmup.sent + published.measure.sent + published.warmup.acked + published.measure.acked
    return out + this.arrivals + arrived.measure.duplicate + arrived.warmup.duplicate
  }

  /** First arrivals and foreign payloads, of all phases. */
  get arrivals(): number {
    const { warmup, measure } = this.arrived
    return warmup.received + measure.received + measure.foreign
  }
}
