import type { MessageSink } from '../../../connection/link/receiver.ts'
import type { PublishView } from '../../../protocol/wire/publish-view.ts'
import type { MessageMatcher } from '../messages/message-matcher.ts'

/** One subscriber of a load: everything that comes is matched, and confirmed at once. */
export class LoadSubscriber implements MessageSink {
  readonly index: number
  readonly filter: string
  readonly matcher: MessageMatcher
  readonly #afterRead: () => void

  constructor(index: number, filter: string, matcher: MessageMatcher, afterRead: () => void) {
    this.index = index
    this.filter = filter
    this.matcher = matcher
    this.#afterRead = afterRead
  }

  message(message: PublishView): boolean {
    this.matcher.message(message)
    return true
  }

  batchEnd(written: () => void): void {
    written()
    this.#afterRead()
  }
}
