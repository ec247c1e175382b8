import { describeForeignBytes } from '../../connection/transport/foreign-bytes.ts'
import { MqttCliError } from '../../errors.ts'

/** Bytes of TLS, HTTP and their like are named as a live command names them, in place of what they would be as MQTT. */
export function foreignInput(bytes: Buffer, name: string): MqttCliError | undefined {
  const foreign = describeForeignBytes(bytes)
  if (foreign === undefined) return undefined
  return new MqttCliError('protocol', `That is no MQTT: ${name} begins with ${foreign}`, {
    layer: 'MQTT',
    causes: [
      'the bytes are those below MQTT: TLS hides it, and a WebSocket begins with HTTP',
      'the port was another one: plain MQTT is usually on 1883',
    ],
    tries: ['`inspect proxy` stands where TLS and WebSocket end, and shows what is in them'],
  })
}
