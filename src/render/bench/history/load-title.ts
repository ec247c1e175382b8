import type { HistoryLoad } from '../../../features/bench/history/history.ts'
import { countText, rateText } from '../figures.ts'

/** `bench pubsub, at 1,000/s, QoS 1, 1 to 1 clients, 64 bytes`. */
export function loadTitle(loaded: HistoryLoad): string {
  const { mode, load, askedPerSecond, qos, publishers, subscribers, connections, payloadBytes } = loaded
  return [
    `bench ${mode}`,
    ...(askedPerSecond === undefined ? (load === 'none' ? [] : [load]) : [`at ${rateText(askedPerSecond)}`]),
    ...(connections === undefined
      ? [
          `QoS ${qos}`,
          `${countText(publishers)} to ${countText(subscribers)} clients`,
          `${[...new Set(payloadBytes)].join('-')} bytes`,
        ]
      : [`${countText(connections)} connections`]),
  ].join(', ')
}
