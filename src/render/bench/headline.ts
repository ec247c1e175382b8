import type { BenchResult } from '../../features/bench/events.ts'
import { countText } from './figures.ts'

/** `bench pubsub, paced, QoS 1, 1 publisher, 1 subscriber`. */
export function configurationTitle({ mode, load, qos, publishers, subscribers, idle }: BenchResult): string {
  return [
    `bench ${mode}`,
    ...(load === 'none' ? [] : [load]),
    ...(mode === 'conn' ? [] : [`QoS ${qos}`]),
    ...countedText(publishers, 'publisher'),
    ...countedText(subscribers, 'subscriber'),
    ...countedText(idle?.connections ?? 0, 'connection'),
  ].join(', ')
}

/** `mqtt://localhost:1883, MQTT 5`. */
export function targetText({ target, mqttVersion }: BenchResult): string {
  return mqttVersion === undefined ? target : `${target}, MQTT ${versionText(mqttVersion)}`
}

export function versionText(version: NonNullable<BenchResult['mqttVersion']>): string {
  return { 3: '3.1', 4: '3.1.1', 5: '5' }[version]
}

/** Nothing of none. */
export function countedText(count: number, what: string): string[] {
  return count === 0 ? [] : [`${countText(count)} ${what}${count === 1 ? '' : 's'}`]
}
