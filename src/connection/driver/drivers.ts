import type { MakeDriver } from '../link/link.ts'
import { LeanDriver } from './lean-driver.ts'

/** The session of our own: small and quick to start. */
export const leanDriver: MakeDriver = (output, requests) => new LeanDriver(output, requests)

/** The session by mqtt.js, loaded when it is asked for: a one-shot publish never pays for it. */
export async function mqttJsDriver(): Promise<MakeDriver> {
  const { MqttJsDriver } = await import('./mqttjs-driver.ts')
  return (output, requests) => new MqttJsDriver(output, requests)
}
