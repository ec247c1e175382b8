import type { PublishView } from '../protocol/wire/publish-view.ts'
import { escapeForTerminal } from './escape.ts'
import { escapePayloadForTerminal } from './escape-bytes.ts'
import type { MessageWriter, ReceivedAt } from './message-writer.ts'
import type { OutputBuffer } from './output-buffer.ts'

interface PlainOptions {
  /** The topic and a space before the payload (`-v`). */
  readonly verbose: boolean
  /** A newline after each message; `-N` turns it off. */
  readonly endOfLine: boolean
  /** For a terminal: control characters are made visible. Without it the bytes go out as they came. */
  readonly escape: boolean
}

const space = 0x20
const newline = 0x0a

/**
 * The default output and `-v`, byte for byte as mosquitto_sub prints them. An empty payload prints nothing, not even
 * a newline; with `-v` it prints `topic (null)`, but only when newlines are on.
 */
export function plainWriter({ verbose, endOfLine, escape: toTerminal }: PlainOptions): MessageWriter {
  const appendTopic = toTerminal ? appendTopicEscaped : appendTopicAsIs
  const appendPayload = toTerminal ? appendPayloadEscaped : appendPayloadAsIs
  return (message: PublishView, _receivedAt: ReceivedAt, out: OutputBuffer) => {
    const isEmpty = message.payloadStart === message.payloadEnd
    if (isEmpty && !(verbose && endOfLine)) return
    if (verbose) {
      appendTopic(message, out)
      out.appendByte(space)
    }
    if (isEmpty) out.appendText('(null)')
    else appendPayload(message, out)
    if (endOfLine) out.appendByte(newline)
  }
}

function appendTopicAsIs({ topicBytes, topicStart, topicEnd }: PublishView, out: OutputBuffer): void {
  out.appendBytes(topicBytes, topicStart, topicEnd)
}

function appendPayloadAsIs({ bytes, payloadStart, payloadEnd }: PublishView, out: OutputBuffer): void {
  out.appendBytes(bytes, payloadStart, payloadEnd)
}

function appendTopicEscaped(message: PublishView, out: OutputBuffer): void {
  out.appendText(escapeForTerminal(message.topic()))
}

function appendPayloadEscaped({ bytes, payloadStart, payloadEnd }: PublishView, out: OutputBuffer): void {
  out.appendText(escapePayloadForTerminal(bytes, payloadStart, payloadEnd))
}
