import type { Readable } from 'node:stream'
import { MqttCliError } from '../../errors.ts'
import { GrowingBytes } from '../../protocol/wire/growing-bytes.ts'

/** Topic, identifier and properties come off this: the encoder has the last word. */
const longestPayloadBytes = 268_435_455

/**
 * The whole of a stream as one payload, and no more of it than one packet can carry. Nothing is no message: what should
 * have written it has failed (`false | mqtt-cli pub -s -r`), and an empty retained message deletes the one before it.
 */
export async function readWhole(input: Readable): Promise<Buffer> {
  const whole = new GrowingBytes(longestPayloadBytes)
  for await (const chunk of input as AsyncIterable<Buffer>) {
    if (whole.length + chunk.length > longestPayloadBytes) throw tooLong()
    whole.append(chunk)
  }
  if (whole.length === 0) throw nothingCame()
  return whole.bytes
}

function tooLong(): MqttCliError {
  return new MqttCliError('local-io', 'Standard input is longer than any MQTT packet can be (268,435,455 bytes)', {
    layer: 'stdin',
    tries: [{ try: 'input-by-line' }],
  })
}

function nothingCame(): MqttCliError {
  return new MqttCliError('local-io', 'Standard input is empty: nothing was published', {
    layer: 'stdin',
    causes: ['the program that writes it failed'],
    tries: [{ try: 'empty-message' }],
  })
}
