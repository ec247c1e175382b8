import { readFileSync } from 'node:fs'
import { MqttCliError } from '../errors.ts'

/** The file of `-f`, whole. */
export function readPayloadFile(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new MqttCliError('local-io', `Cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, {
      layer: 'file',
      tries: ['check the path and who may read it'],
      cause,
    })
  }
}
