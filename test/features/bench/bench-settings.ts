import { join } from 'node:path'
import { processFigures } from '../../../src/connection/clock.ts'
import type { ConnectionSettings } from '../../../src/connection/settings.ts'
import type { BenchContext } from '../../../src/features/bench/bench-context.ts'
import type { BenchEvent } from '../../../src/features/bench/events.ts'
import type { BenchSettings } from '../../../src/features/bench/settings.ts'

function connectionTo(port: number): ConnectionSettings {
  return {
    target: { transport: 'tcp', host: '127.0.0.1', port },
    tls: { insecure: false },
    noDelay: true,
    connectDeadlineMs: 5000,
    version: 5,
    clientId: '',
    cleanStart: true,
    cleanSession311: true,
    resumesUserSession: false,
    keepAliveSeconds: 60,
    properties: {},
    reconnect: { mode: 'never' },
    endSessionOnClose: false,
    disconnectProperties: {},
  }
}

const dist = join(import.meta.dirname, '..', '..', '..', 'dist')

export type Changes = Partial<BenchSettings> & { readonly inflight?: number }

/** A run of one publisher and one subscriber that sends a thousand messages, changed as a test likes. */
export function benchContext(port: number, { inflight, ...changes }: Changes, told: BenchEvent[] = []): BenchContext {
  const connection = { ...connectionTo(port), ...(inflight !== undefined && { inflightMaximum: inflight }) }
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
    properties: {},
    payloadBytes: [64, 64],
    topic: 'bench/%i',
    churns: 0,
    quietMs: 200,
    drainMs: 1000,
    thresholds: [],
    isEmbedded: false,
    ...changes,
  }
  return {
    settings,
    signal: new AbortController().signal,
    tell: (event) => told.push(event),
    figures: processFigures,
    runId: 0x01020304,
    startedAt: '2026-01-02T03:04:05.000Z',
    threadFiles: { share: join(dist, 'bench-worker.cjs'), metronome: join(dist, 'bench-metronome.cjs') },
  }
}
