import type { BenchContext } from '../bench-context.ts'
import { LoadCoordinator } from '../coordinator/load-coordinator.ts'
import type { RulerFigures } from '../fingerprint.ts'
import { flightMemory } from '../pace/flight.ts'
import type { BenchSettings } from '../settings.ts'
import { workersOf } from '../workers/workers-of.ts'
import { startSink } from './sink.ts'

/** Before it counts: the code is compiled, and the window learned. */
const warmupMs = 500

interface Ruled<Value> {
  readonly value: Value
  readonly ruler: RulerFigures | undefined
}

/** Lays the ruler before a run and after it; not for no time. */
export async function withRuler<Value>(context: BenchContext, work: () => Promise<Value>): Promise<Ruled<Value>> {
  const { rulerMs } = context.settings
  const before = rulerMs === 0 ? 0 : await rulerRate(context)
  const value = await work()
  if (!isRate(before) || context.signal.aborted) return { value, ruler: undefined }
  const after = await rulerRate(context)
  if (!isRate(after)) return { value, ruler: undefined }
  return { value, ruler: { seconds: rulerMs / 1000, before, after, drift: Math.abs(after / before - 1) } }
}

/** Nothing was sent, or for no time, where the machine was too busy to measure: that rules nothing. */
function isRate(perSecond: number): boolean {
  return Number.isFinite(perSecond) && perSecond > 0
}

/**
 * Messages per second of one publisher at QoS 0 against a sink in this process: nothing of the broker's is in it, and what moves
 * it is this machine, or this program.
 */
async function rulerRate(context: BenchContext): Promise<number> {
  const sink = await startSink()
  try {
    const settings = rulerSettings(context.settings, sink.port)
    const own = { ...context, emit: () => {}, settings, flight: flightMemory() }
    const run = new LoadCoordinator(own, workersOf('load', own))
    await run.run()
    const { sent, measuredMicroseconds } = run.meter
    return (sent * 1e6) / measuredMicroseconds
  } finally {
    sink.close()
  }
}

function rulerSettings(settings: BenchSettings, port: number): BenchSettings {
  const { bindAddress: _address, will: _will, username: _user, password: _password, ...rest } = settings.connection
  const { inflightMaximum: _inflight, ...connection } = rest
  return {
    mode: 'pub',
    connection: {
      ...connection,
      target: { transport: 'tcp', host: '127.0.0.1', port },
      tls: { insecure: false },
      version: 5,
      properties: {},
      disconnectProperties: {},
    },
    clients: { clientId: 'ruler' },
    connections: 0,
    publishers: 1,
    subscribers: 0,
    load: { mode: 'saturate' },
    end: { by: 'duration', milliseconds: settings.rulerMs },
    workers: 1,
    warmupMs,
    connectRatePerSecond: Number.POSITIVE_INFINITY,
    qos: 0,
    retain: false,
    properties: {},
    payloadBytes: [64, 64],
    topic: 'ruler',
    churns: 0,
    asksBroker: false,
    rulerMs: 0,
    quietMs: 0,
    drainMs: 1000,
    thresholds: [],
    clearsRetained: false,
    observed: [],
    disturbances: [],
    isEmbedded: false,
  }
}
