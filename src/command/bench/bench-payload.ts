import { isUtf8 } from 'node:buffer'
import { readPayloadFile } from '../../cli/payload-file.ts'
import type { PayloadSource } from '../../cli/settings/bench/bench-payload.ts'
import { payloadTemplate } from '../../cli/values/payload-template.ts'
import { MqttCliError } from '../../errors.ts'
import type { PayloadContent } from '../../features/bench/settings.ts'

/** What a packet can carry, less room for topic and properties. */
const largestPayloadBytes = 268_435_455 - 131_072

/** What a load publishes, read and understood. */
export function payloadContent(source: PayloadSource): PayloadContent {
  switch (source.from) {
    case 'file':
      return { from: 'file', bytes: new Uint8Array(readWhole('--payload-file', source.path)) }
    case 'template':
      return { from: 'template', pieces: payloadTemplate(source.text, '--template') }
    case 'template file':
      return { from: 'template', pieces: payloadTemplate(readText(source.path), `--template @${source.path}`) }
  }
}

function readWhole(flag: string, path: string): Buffer {
  const bytes = readPayloadFile(path)
  if (bytes.length <= largestPayloadBytes) return bytes
  throw unusable(flag, path, `${bytes.length} bytes are more than an MQTT packet carries`)
}

function readText(path: string): string {
  const bytes = readWhole('--template', path)
  if (isUtf8(bytes)) return bytes.toString()
  throw unusable('--template', path, 'it is not UTF-8')
}

function unusable(flag: string, path: string, why: string): MqttCliError {
  return new MqttCliError('local-io', `${flag} ${path} cannot be published: ${why}`, {
    layer: flag,
    tries: ['--payload-file publishes any bytes as they are', 'another file'],
  })
}
