import type { ProtocolVersion } from '../../../protocol/wire/packet.ts'
import type { Fingerprint } from '../fingerprint.ts'
import type { BenchSettings, Load, PayloadContent, RunEnd, SizeShare } from '../settings.ts'

/** What was asked of a run, but for where its broker is and who its clients say they are. */
export function settingsFacts(
  settings: BenchSettings,
  { mqttVersion, workers }: { readonly mqttVersion: ProtocolVersion | undefined; readonly workers: number },
): Fingerprint['settings'] {
  const { connection, mode, publishers, subscribers, connections, qos, retain, topic, filter, share, churns } = settings
  const { connectRatePerSecond, warmupMs, payload, payloadBytes, payloadMix } = settings
  return {
    mode,
    load: loadText(settings.load),
    publishers,
    subscribers,
    ...(mode === 'conn' && { connections, churns }),
    qos,
    retain,
    payload: payloadText(payload),
    payloadBytes: payloadMix === undefined ? [...new Set(payloadBytes)].join('-') : mixText(payloadMix),
    topic,
    ...(filter !== undefined && { filter }),
    ...(share !== undefined && { share }),
    ...(mqttVersion !== undefined && { mqttVersion }),
    transport: connection.target.transport,
    ...(connection.inflightMaximum !== undefined && { inflight: connection.inflightMaximum }),
    workers,
    ...(Number.isFinite(connectRatePerSecond) && { connectRate: connectRatePerSecond }),
    warmupSeconds: warmupMs / 1000,
    end: endText(settings.end),
  }
}

function loadText(load: Load): string {
  if (load.mode === 'saturate') return 'saturate'
  if ('ratePerSecond' in load) return `${load.ratePerSecond}/s ${load.arrival}`
  const stages = load.stages.map(({ durationMs, ratePerSecond }) => `${durationMs / 1000}s:${ratePerSecond}`)
  return `${stages.join(',')} ${load.arrival}`
}

function endText(end: RunEnd): string {
  return end.by === 'duration' ? `${end.milliseconds / 1000} s` : `${end.count} messages`
}

/** Other shares are another load. */
function mixText(mix: readonly SizeShare[]): string {
  return mix.map(({ bytes, share }) => `${bytes}:${share}`).join(',')
}

/** Not the text itself: it may hold what nobody else should read. */
function payloadText(payload: PayloadContent | undefined): string {
  return payload === undefined ? 'numbered' : payload.from
}
