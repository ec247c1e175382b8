import type { Properties, ProtocolVersion, Will } from '../../protocol/wire/packet.ts'
import type { FlagValues } from '../flags/flag.ts'
import type { willFlags } from '../flags/will.ts'
import { usageError } from '../usage-error.ts'
import { qos } from '../values/qos.ts'
import { topicName } from '../values/topic.ts'
import { validText } from '../values/valid-text.ts'
import { asked, type Input, isTyped, read, saidAs } from './input.ts'

type WillInput = Input<FlagValues<typeof willFlags>>

export function will(input: WillInput, version: ProtocolVersion | 'auto', properties: Properties): Will | undefined {
  const topic = read(input, 'will-topic', (text, flag) => topicName(text, flag, version))
  const [other] = asked(input, ['will-payload', 'will-qos', 'will-retain']).filter((name) => isTyped(input, name))
  if (topic === undefined && (other !== undefined || Object.keys(properties).length > 0)) {
    throw usageError(`${other === undefined ? '-D will' : `--${other}`} needs a will`, 'add --will-topic')
  }
  if (topic === undefined) return undefined
  return {
    topic,
    payload: Buffer.from(validText(input.flags['will-payload'] ?? '', saidAs(input, 'will-payload'))),
    qos: read(input, 'will-qos', qos) ?? 0,
    retain: input.flags['will-retain'] === true,
    properties,
  }
}
