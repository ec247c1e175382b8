import type { OtherShard } from '../shard-figures.ts'
import { type RendezvousMessage, type ShardState, type Stage, stages } from './rendezvous-message.ts'

/** What is to be done about what was heard. */
export type CompanyReaction =
  | { readonly do: 'answer'; readonly to: number }
  /** Everybody is as far: all begin. */
  | { readonly do: 'say go'; readonly begun: number }
  | { readonly do: 'begin'; readonly begun: number }
  | { readonly do: 'give up'; readonly missing: readonly number[] }
  | { readonly do: 'tell'; readonly shard: number; readonly what: 'is gone' | 'is back' | 'was stopped' }
  | { readonly do: 'fail'; readonly because: 'same shard' | 'other settings' | 'too late'; readonly shard: number }

interface Other {
  readonly state: ShardState
  readonly goneAtMicroseconds?: number
}

type Identity = Pick<ShardState, 'from' | 'nonce' | 'settings'>

/**
 * What one shard knows of the others, from what each says of itself. None of them leads: the first says go when all are
 * there, since somebody has to, and everybody begins when that comes. No clock is compared.
 */
export class ShardCompany {
  stage: Stage = 'connect'
  wasStopped = false
  /** What this shard says comes back to it: the broker passes it on. */
  isHeard = false
  #begun = 0
  #loadBeganMicroseconds: number | undefined
  #lastSentMicroseconds = 0
  readonly #own: Identity
  readonly #count: number
  readonly #others = new Map<number, Other>()

  constructor(own: Identity, count: number) {
    this.#own = own
    this.#count = count
  }

  get state(): ShardState {
    return { ...this.#own, stage: this.stage, begun: this.#begun, wasStopped: this.wasStopped }
  }

  /** How much all have begun together. */
  get begun(): number {
    return this.#begun
  }

  take(message: RendezvousMessage, nowMicroseconds: number): readonly CompanyReaction[] {
    if (message.say === 'go') return this.#begin(message.begun, nowMicroseconds)
    if (message.say === 'off') return this.#begun < 2 ? [{ do: 'give up', missing: message.missing }] : []
    if (message.from < 1 || message.from > this.#count) return []
    if (message.say === 'gone') return this.#gone(message.from, message.nonce, nowMicroseconds)
    if (message.from === this.#own.from) return this.#namesake(message)
    return this.#heard(message, nowMicroseconds)
  }

  /** All that are as far as this shard: the first one says so. */
  goIfComplete(): readonly CompanyReaction[] {
    if (this.#own.from !== 1 || this.#begun >= 2 || this.missing.length > 0) return []
    return isAtLeast(this.stage, this.#begun) ? [{ do: 'say go', begun: this.#begun + 1 }] : []
  }

  /** Shards that what comes next waits for. */
  get missing(): readonly number[] {
    const isMissing = (index: number) => {
      const other = this.#others.get(index)
      if (other === undefined || other.goneAtMicroseconds !== undefined) return true
      return other.state.stage === 'done' || !isAtLeast(other.state.stage, this.#begun)
    }
    return this.#indices.filter(isMissing)
  }

  /** It came, and is neither gone nor done. */
  isThere(shard: number): boolean {
    const other = this.#others.get(shard)
    return other !== undefined && other.goneAtMicroseconds === undefined && other.state.stage !== 'done'
  }

  /** Nobody elsewhere sends any more: when the last one said so; undefined while somebody does. */
  get sentAtMicroseconds(): number | undefined {
    const isSending = this.#indices.some((index) => {
      const other = this.#others.get(index)
      return other !== undefined && other.goneAtMicroseconds === undefined && !isAtLeast(other.state.stage, 2)
    })
    return isSending ? undefined : this.#lastSentMicroseconds
  }

  /** What is known of them at the end. */
  get others(): readonly OtherShard[] {
    return this.#indices.map((index) => {
      const other = this.#others.get(index)
      if (other === undefined) return { index, state: 'never came' }
      if (other.goneAtMicroseconds !== undefined) return { index, state: 'gone', ...this.#secondsOf(other) }
      if (other.state.wasStopped) return { index, state: 'stopped' }
      return { index, state: isAtLeast(other.state.stage, 2) ? 'done' : 'running' }
    })
  }

  /** Since the load began, by our own clock. */
  #secondsOf({ goneAtMicroseconds = 0 }: Other): { readonly afterSeconds?: number } {
    const began = this.#loadBeganMicroseconds
    return began === undefined ? {} : { afterSeconds: Math.round((goneAtMicroseconds - began) / 1e5) / 10 }
  }

  get #indices(): readonly number[] {
    return Array.from({ length: this.#count }, (_, index) => index + 1).filter((index) => index !== this.#own.from)
  }

  #begin(begun: number, nowMicroseconds: number): readonly CompanyReaction[] {
    if (begun <= this.#begun) return []
    this.#begun = begun
    if (begun === 2) this.#loadBeganMicroseconds = nowMicroseconds
    return [{ do: 'begin', begun }]
  }

  #gone(from: number, nonce: string, nowMicroseconds: number): readonly CompanyReaction[] {
    const other = this.#others.get(from)
    const isNews = other?.state.nonce === nonce && other.state.stage !== 'done'
    if (!isNews) return []
    this.#others.set(from, { state: other.state, goneAtMicroseconds: nowMicroseconds })
    return [{ do: 'tell', shard: from, what: 'is gone' }]
  }

  /** Our own words come back; another's are those of a process that was started twice: the one that came first stays. */
  #namesake({ say, from, nonce }: ShardState & { readonly say: string }): readonly CompanyReaction[] {
    if (nonce === this.#own.nonce) {
      this.isHeard = true
      return []
    }
    if (say === 'here') return [{ do: 'answer', to: from }]
    if (say === 'state') return []
    return [{ do: 'fail', because: 'same shard', shard: from }]
  }

  #heard(message: ShardState & { readonly say: string }, nowMicroseconds: number): readonly CompanyReaction[] {
    const { say, ...state } = message
    const answers: CompanyReaction[] = say === 'here' ? [{ do: 'answer', to: state.from }] : []
    const was = this.#others.get(state.from)
    const isStranger = state.settings !== this.#own.settings
    // A run that has begun is not ended by who comes too late for it, nor is a shard that died made alive by it.
    if (this.#begun === 2 && (isStranger || (was !== undefined && was.state.nonce !== state.nonce))) return answers
    if (isStranger) return [...answers, { do: 'fail', because: 'other settings', shard: state.from }]
    const reactions = [...answers, ...this.#news(was, state)]
    if (isAtLeast(state.stage, 2) && was?.state.stage !== state.stage) this.#lastSentMicroseconds = nowMicroseconds
    this.#others.set(state.from, { state })
    if (state.begun === 2 && this.stage === 'connect') {
      return [...reactions, { do: 'fail', because: 'too late', shard: this.#own.from }]
    }
    return [...reactions, ...this.#begin(state.begun, nowMicroseconds), ...this.goIfComplete()]
  }

  #news(was: Other | undefined, { from, wasStopped }: ShardState): CompanyReaction[] {
    const news: CompanyReaction[] = []
    if (was?.goneAtMicroseconds !== undefined) news.push({ do: 'tell', shard: from, what: 'is back' })
    if (wasStopped && was?.state.wasStopped !== true) news.push({ do: 'tell', shard: from, what: 'was stopped' })
    return news
  }
}

function isAtLeast(stage: Stage, position: number): boolean {
  return stages.indexOf(stage) >= position
}
