import type { ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import { formatWriter } from '../../../src/render/format-writer.ts'
import { parseMessageFormat } from '../../../src/render/message-format.ts'
import type { MessageWriter } from '../../../src/render/message-writer.ts'
import { OutputBuffer } from '../../../src/render/output-buffer.ts'
import type { PublishFields } from '../packets/publish-bytes.ts'
import { publishView } from './publish-view.ts'

/** What a writer makes of these messages, each received at the same moment. */
export function rendered(
  writer: MessageWriter,
  messages: readonly PublishFields[],
  { version = 5, epochNanoseconds = 0n }: { version?: ProtocolVersion; epochNanoseconds?: bigint } = {},
): Buffer {
  const out = new OutputBuffer()
  for (const message of messages) writer(publishView(message, version), { epochNanoseconds }, out)
  return out.take()
}

/** A writer for a format of `-F` that must be a good one. */
export function writerOf(format: string, options: Partial<Parameters<typeof formatWriter>[1]> = {}): MessageWriter {
  const parsed = parseMessageFormat(format)
  if ('problem' in parsed) throw new Error(parsed.problem)
  return formatWriter(parsed.format, { endOfLine: true, escape: false, ...options })
}
