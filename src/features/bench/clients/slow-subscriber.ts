import type { MessageSink } from '../../../connection/link/receiver.ts'
import type { PublishView } from '../../../protocol/wire/publish-view.ts'
import type { LoadSubscriber } from '../messages/message-matcher.ts'

/** A subscriber that takes a while for each message: confirms it after that, and reads no more before. */
export class SlowSubscriber implements MessageSink {
  readonly readsAhead = 1
  readonly #inner: LoadSubscriber
  readonly #thinkMs: number
  #came = 0
  #thinking: Promise<void> = Promise.resolve()

  constructor(inner: LoadSubscriber, thinkMs: number) {
    this.#inner = inner
    this.#thinkMs = thinkMs
  }

  message(message: PublishView): boolean {
    this.#came++
    return this.#inner.message(message)
  }

  batchEnd(written: (count?: number) => void): void {
    const count = this.#came
    this.#came = 0
    this.#thinking = this.#thinking.then(() => this.#think(count, written))
  }

  async #think(count: number, written: (count?: number) => void): Promise<void> {
    for (let left = count; left > 0; left--) {
      await new Promise<void>((resolve) => setTimeout(resolve, this.#thinkMs).unref()) // nobody waits for it at the end
      if (left > 1) written(1)
    }
    written()
  }
}
