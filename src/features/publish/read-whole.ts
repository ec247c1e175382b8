import type { Readable } from 'node:stream'
import { MqttCliError } from '../../errors.ts'

/** Topic, identifier and properties come off this: the broker, or the encoder, has the last word. */
const longestPayloadBytes = 268_435_455

/** The whole of a stream as one payload, and no more of it than one packet can carry. */
export async function readWhole(input: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of input as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > longestPayloadBytes) throw tooLong()
  }
  return Buffer.concat(chunks)
}

function tooLong(): MqttCliError {
  return new MqttCliError('local-io', 'Standard input is longer than any MQTT packet can be (268,435,455 bytes)', {
    layer: 'stdin',
    tries: ['-l sends each line as a message of its own'],
  })
}
