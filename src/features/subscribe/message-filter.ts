import { topicMatches } from '../../protocol/topic-filter.ts'
import type { PublishView } from '../../protocol/wire/publish-view.ts'
import type { SubscribeSettings } from './settings.ts'

/** Which messages are shown: `-T`, `-R` and `--retained-only`. Free when none of them is given. */
export class MessageFilter {
  readonly #filterOut: readonly string[]
  readonly #hideRetained: boolean
  readonly #retainedOnly: boolean

  constructor({ filterOut, hideRetained, retainedOnly }: SubscribeSettings) {
    this.#filterOut = filterOut
    this.#hideRetained = hideRetained
    this.#retainedOnly = retainedOnly
  }

  shows(message: PublishView): boolean {
    if (message.retain ? this.#hideRetained : this.#retainedOnly) return false
    return this.#filterOut.length === 0 || !this.#isFilteredOut(message.topic())
  }

  #isFilteredOut(topic: string): boolean {
    return this.#filterOut.some((filter) => topicMatches(filter, topic))
  }
}
