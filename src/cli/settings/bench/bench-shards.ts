import type { RendezvousSettings, ShardSettings } from '../../../features/bench/settings.ts'
import { usageError } from '../../usage-error.ts'
import { brokerUrl } from '../../values/broker-url.ts'
import { positiveDurationMs } from '../../values/duration.ts'
import { integer } from '../../values/integer.ts'
import { schedulerShard } from '../../values/shards/scheduler-shard.ts'
import { runIdOf, runName, shardPlace } from '../../values/shards/shard.ts'
import type { BenchInput } from '../command-input.ts'
import { isTyped, read, saidAs } from '../input.ts'
import { destination } from '../target.ts'

type Environment = Readonly<Record<string, string | undefined>>

interface RunSettings {
  readonly shard?: ShardSettings
  /** 32 bits that tell this run's messages from all others; undefined: at random. */
  readonly runId?: number
}

const defaultTimeoutMs = 120_000
const mostShards = 10_000
const highestNumber = 0xffffff

/** Which part of which run this process makes. `environment`: where schedulers say what they gave it. */
export function runSettings(input: BenchInput, environment: Environment): RunSettings {
  const { shard: text } = input.flags
  const count = read(input, 'shards', (words, flag) => integer(words, flag, { minimum: 1, maximum: mostShards }))
  const named = read(input, 'run', runName)
  if (text === undefined) {
    refuseWithoutShard(input)
    return named === undefined ? {} : { runId: runIdOf(named) }
  }
  if (input.flags.embedded === true) {
    throw usageError(
      '--embedded starts a broker of its own, which no other shard reaches',
      'name a broker that all reach',
    )
  }
  const isAuto = text === 'auto'
  const place: { index: number; count: number; run?: string } = isAuto
    ? schedulerShard(environment, count)
    : shardPlace(text, saidAs(input, 'shard'))
  if (count !== undefined && count !== place.count) {
    throw usageError(
      `${saidAs(input, 'shards')} says ${count}, and ${isAuto ? 'the scheduler' : saidAs(input, 'shard')} ${place.count}`,
      'leave --shards out: it is for schedulers that do not tell how many there are',
    )
  }
  const run = named ?? place.run ?? (place.count === 1 ? input.randomText() : undefined) // alone it agrees with nobody
  if (run === undefined) throw withoutRun(isAuto)
  return {
    shard: { index: place.index, count: place.count, run, isPaired: input.flags.pair !== false },
    runId: runIdOf(run),
  }
}

/** Where shards meet: at the broker under test, with its login, or at another one, with a login of its own. */
export function rendezvousSettings(input: BenchInput): RendezvousSettings {
  const timeoutMs = read(input, 'rendezvous-timeout', positiveDurationMs) ?? defaultTimeoutMs
  const url = read(input, 'rendezvous', brokerUrl)
  if (url === undefined) return { timeoutMs }
  const { target } = destination({ ...input, flags: { url: input.flags.rendezvous ?? '' }, typed: new Set() })
  const { username, password } = url
  return {
    timeoutMs,
    place: {
      target,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password: Buffer.from(password) }),
    },
  }
}

/** What `%i` is in the first client. */
export function firstNumber(input: BenchInput): { readonly firstNumber?: number } {
  const first = read(input, 'first-client', (text, flag) => integer(text, flag, { minimum: 0, maximum: highestNumber }))
  return first === undefined ? {} : { firstNumber: first }
}

function refuseWithoutShard(input: BenchInput): void {
  const name = (['shards', 'pair', 'rendezvous', 'rendezvous-timeout'] as const).find((each) => isTyped(input, each))
  if (name === undefined) return
  throw usageError(`--${name} is about a run of several shards`, 'give --shard i/n or --shard auto too')
}

function withoutRun(isAuto: boolean): Error {
  const why = isAuto ? 'the scheduler has no name for the run' : '--shard needs to know which run it is a part of'
  return usageError(
    why,
    'give all shards the same --run, a new one for each run: --run "$(date +%s)" where one script starts them all',
  )
}
