import type { Readable } from 'node:stream'
import { MqttCliError } from '../../errors.ts'
import { GrowingBytes } from '../../protocol/wire/growing-bytes.ts'

/** Topic, identifier and properties come off this: the encoder has the last word. */
export const longestPayloadBytes = 268_435_455

/** The whole of a stream as one payload, and no more of it than one packet can carry. */
export async function readWhole(input: Readable): Promise<Buffer> {
  const whole = new GrowingBytes(longestPayloadBytes)
  for await (const chunk of input as AsyncIterable<Buffer>) {
    if (whole.length + chunk.length > longestPayloadBytes) throw tooLong()
    whole.append(chunk)
  }
  return whole.bytes
}

function tooLong(): MqttCliError {
  return new MqttCliError('local-io', 'Standard input is longer than any MQTT packet can be (268,435,455 bytes)', {
    layer: 'stdin',
    tries: ['-l sends each line as a message of its own'],
  })
}
