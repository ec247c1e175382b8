import { MqttCliError } from '../../errors.ts'
import type { PublishView } from '../../protocol/wire/publish-view.ts'
import type { MessageFormat } from '../../render/message-format.ts'

/**
 * What is not written as it came is made into text first, which takes up to ten times its size: with this much, no more
 * than the largest message of all takes as it is.
 */
const largestTextBytes = 32 * 1024 * 1024

const lettersOfText = new Set(['x', 'X', 'j', 'J'])

/** Whether a format prints the whole payload in other bytes than its own. */
export function makesText(format: MessageFormat, toTerminal: boolean): boolean {
  return format.some((part) => {
    if (part.kind !== 'field') return false
    return lettersOfText.has(part.letter) || (part.letter === 'p' && (toTerminal || part.layout.leftAlign))
  })
}

/** Throws for a payload that is too large to be made into text. It is not acknowledged then. */
export function checkTextSize(message: PublishView): void {
  const payloadBytes = message.payloadEnd - message.payloadStart
  if (payloadBytes <= largestTextBytes) return
  throw new MqttCliError(
    'local-io',
    `A message of ${payloadBytes} bytes is too large for this output: ${largestTextBytes} is the most`,
    {
      layer: 'stdout',
      tries: ['to a pipe or a file without -F, with -v, or with %p in -F, a message of any size is written as it is'],
      facts: { topic: message.topic(), payloadBytes },
    },
  )
}
