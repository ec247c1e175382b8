import { Outbox } from '../../../src/connection/link/outbox.ts'
import { Publisher } from '../../../src/connection/publish/publisher.ts'
import { serverLimits } from '../../../src/protocol/session/server-limits.ts'
import type { ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import type { PublishTemplate } from '../../../src/protocol/wire/publish-encoder.ts'
import { connack } from '../packets/packets.ts'
import { FakeTransport } from './fake-transport.ts'

interface Setting {
  readonly template?: Partial<PublishTemplate>
  readonly inflightMaximum?: number
}

/** A publisher to `a` at QoS 1, and all that it said. */
export function publishing({ template = {}, inflightMaximum }: Setting = {}) {
  const said: string[] = []
  const whole = { topic: 'a', qos: 1, retain: false, properties: {}, ...template } as const
  const publisher = new Publisher(whole, inflightMaximum, {
    ready: () => said.push('ready'),
    settled: (ordinal, refusedWith) => said.push(`${ordinal} ${refusedWith ?? 'confirmed'}`),
  })
  const publish = (text: string, ordinal = 0) => {
    const payload = Buffer.from(`..${text}..`)
    return publisher.publish(payload, 2, 2 + text.length, ordinal)
  }
  return { publisher, said, publish }
}

/** A connection of MQTT 3.1.1, where packets are shortest, unless another one is wanted. */
export function attached(publisher: Publisher, properties = {}, sessionKept = false, version: ProtocolVersion = 4) {
  const transport = new FakeTransport()
  publisher.attach(new Outbox(transport), version, serverLimits(connack(properties), version), sessionKept)
  return transport
}
