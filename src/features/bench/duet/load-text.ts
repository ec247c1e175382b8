import type { BenchSettings } from '../settings.ts'

/** A load in words, without where it goes: runs of the same words can be held against each other. */
export function loadText(settings: BenchSettings): string {
  const { mode, qos, publishers, subscribers, connections, payloadBytes, payload, workers, warmupMs } = settings
  return [
    mode,
    rateText(settings),
    `QoS ${qos}`,
    mode === 'conn' ? `${connections} connections` : `${publishers} to ${subscribers}`,
    payload === undefined ? `${[...new Set(payloadBytes)].join('-')} bytes` : payload.from,
    lengthText(settings),
    `warm-up ${warmupMs} ms`,
    `workers ${workers}`,
    settings.topic,
    settings.filter ?? '',
    settings.share ?? '',
  ]
    .filter((word) => word !== '')
    .join(', ')
}

function rateText({ load }: BenchSettings): string {
  if (load.mode === 'saturate') return 'saturate'
  const rate = 'ratePerSecond' in load ? `${load.ratePerSecond}/s` : JSON.stringify(load.stages)
  return `${rate} ${load.arrival}`
}

function lengthText({ end }: BenchSettings): string {
  return end.by === 'messages' ? `${end.count} messages` : `${end.milliseconds} ms`
}
