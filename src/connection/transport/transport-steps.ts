import type { TransportTimings } from './transport.ts'

/** One stretch of the way to an open transport. Microseconds since opening began. */
interface TransportStep {
  readonly step: (typeof transportSteps)[number][0]
  readonly startMicroseconds: number
  readonly endMicroseconds: number
}

const transportSteps = [
  ['DNS', 'dnsMicroseconds'],
  ['TCP', 'tcpMicroseconds'],
  ['TLS', 'tlsMicroseconds'],
  ['WebSocket', 'websocketMicroseconds'],
] as const

/** The steps that were taken, in their order, each from the end of the last one. */
export function transportStepsOf(timings: TransportTimings): TransportStep[] {
  let startMicroseconds = 0
  return transportSteps.flatMap(([step, key]) => {
    const end = timings[key]
    if (end === undefined) return []
    const endMicroseconds = Math.round(end)
    const stretch = { step, startMicroseconds, endMicroseconds }
    startMicroseconds = endMicroseconds
    return [stretch]
  })
}
