/** How far a shard is. */
export const stages = ['connect', 'load', 'sent', 'done'] as const
export type Stage = (typeof stages)[number]

/** What a shard says of itself. */
export interface ShardState {
  readonly from: number
  /** Tells this process from another one that says it is the same shard. */
  readonly nonce: string
  /** Of what it was asked: the same for all shards of a run. */
  readonly settings: string
  readonly stage: Stage
  /** How much all have begun together: 1 connecting, 2 the load. */
  readonly begun: number
  /** By its user, before its time. */
  readonly wasStopped: boolean
}

export type RendezvousMessage =
  /** `here` is answered, to who said it. */
  | ({ readonly say: 'here' | 'answer' | 'state' } & ShardState)
  | { readonly say: 'go'; readonly begun: number }
  /** Somebody waited long enough for these: the run does not take place. */
  | { readonly say: 'off'; readonly missing: readonly number[] }
  /** The will of a process that left without a word. */
  | { readonly say: 'gone'; readonly from: number; readonly nonce: string }

/** The topics of a run: what goes to all shards, and what goes to one. */
export function rendezvousTopic(run: string, to: number | 'all'): string {
  return `mqtt-cli/bench/${run}/${to}`
}

export function encodeMessage(message: RendezvousMessage): Buffer {
  return Buffer.from(JSON.stringify(message))
}

/** Undefined for what is none of ours: anybody may publish to the topic. */
export function decodeMessage(bytes: Buffer): RendezvousMessage | undefined {
  const message = parsed(bytes)
  if (message === undefined) return undefined
  const { say, from, nonce, begun } = message
  if (say === 'go') return begun === 1 || begun === 2 ? { say, begun } : undefined
  if (say === 'off') return isMissing(message.missing) ? { say, missing: message.missing } : undefined
  if (!Number.isSafeInteger(from) || typeof nonce !== 'string') return undefined
  if (say === 'gone') return { say, from: Number(from), nonce }
  if ((say !== 'here' && say !== 'answer' && say !== 'state') || !isState(message)) return undefined
  const { settings, stage, wasStopped } = message
  return { say, from: Number(from), nonce, settings, stage, begun: Number(begun), wasStopped }
}

function isState(
  message: Readonly<Record<string, unknown>>,
): message is { [Key in keyof ShardState]: ShardState[Key] } {
  const { settings, stage, begun, wasStopped } = message
  return (
    typeof settings === 'string' &&
    stages.some((each) => each === stage) &&
    [0, 1, 2].some((each) => each === begun) &&
    typeof wasStopped === 'boolean'
  )
}

function isMissing(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => Number.isSafeInteger(each))
}

function parsed(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
