import type { PingAnswer } from '../features/ping/ping.ts'
import { jsonText } from './json-text.ts'

const versions = { 3: '3.1', 4: '3.1.1', 5: '5' } as const

/** `MQTT 5, connected in 3.21 ms, PINGRESP in 0.42 ms`: the time to connect is that of the first line alone. */
export function pingLine(
  { number, version, connectMicroseconds, elapsedMicroseconds }: PingAnswer,
  isRoundTrip: boolean,
): string {
  const how = number === 1 ? `MQTT ${versions[version]}, connected in ${milliseconds(connectMicroseconds)}, ` : ''
  return `${how}${isRoundTrip ? 'message back' : 'PINGRESP'} in ${milliseconds(elapsedMicroseconds)}`
}

/** As `docs/schemas/ping.schema.json` describes it. */
export function pingRecord({ version, ...answer }: PingAnswer, isRoundTrip: boolean): string {
  return jsonText({ v: 1, type: 'ping', protocolVersion: version, ...answer, isRoundTrip })
}

function milliseconds(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(2)} ms`
}
