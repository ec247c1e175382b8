import { join } from 'node:path'
import { shells } from '../../../src/command/bench/shell.ts'
import { processFigures } from '../../../src/connection/clock.ts'
import type { BenchRequest } from '../../../src/features/bench/bench-context.ts'
import type { BenchEvent } from '../../../src/features/bench/events.ts'
import type { BenchSettings } from '../../../src/features/bench/settings.ts'
import { connectionSettings } from '../connection/connection-settings.ts'
import { wordingOf } from '../program/worded.ts'
import type { Reach } from '../transports/reach.ts'

const ofOneRun = { clientId: '', connectDeadlineMs: 5000, reconnect: { mode: 'never' } } as const

const dist = join(import.meta.dirname, '..', '..', '..', 'dist')

export type Changes = Partial<BenchSettings> & { readonly inflight?: number }

/** A run of one publisher and one subscriber that sends a thousand messages, changed as a test likes. */
export function benchContext(
  broker: Pick<Reach, 'target' | 'tls'> | number,
  { inflight, ...changes }: Changes,
  told: BenchEvent[] = [],
): BenchRequest {
  const connection = {
    ...connectionSettings(broker, ofOneRun),
    ...(inflight !== undefined && { inflightMaximum: inflight }),
  }
  const settings: BenchSettings = {
    mode: 'pubsub',
    connection,
    clients: { clientId: 'bench-%r-%i' },
    connections: 0,
    publishers: 1,
    subscribers: 1,
    load: { mode: 'saturate' },
    end: { by: 'messages', count: 1000 },
    workers: 1,
    warmupMs: 0,
    connectRatePerSecond: Number.POSITIVE_INFINITY,
    qos: 0,
    retain: false,
    clearsRetained: false,
    properties: {},
    payloadBytes: [64, 64],
    topic: 'bench/%i',
    churns: 0,
    asksBroker: false,
    rulerMs: 0,
    quietMs: 200,
    drainMs: 1000,
    thresholds: [],
    observed: [],
    disturbances: [],
    isEmbedded: false,
    ...changes,
  }
  return {
    settings,
    signal: new AbortController().signal,
    emit: (event) => told.push(event),
    word: wordingOf('bench'),
    figures: processFigures,
    shell: shells().run,
    runId: 0x01020304,
    startedAt: '2026-01-02T03:04:05.000Z',
    threadFiles: { worker: join(dist, 'bench-worker.cjs'), precisionTimer: join(dist, 'bench-precision-timer.cjs') },
  }
}
