import type { benchFlags } from '../flags/bench.ts'
import type { maxFlags } from '../flags/bench-max.ts'
import type { FlagValues } from '../flags/flag.ts'
import type { pubFlags } from '../flags/publish.ts'
import type { subFlags } from '../flags/subscribe.ts'
import type { Input } from './input.ts'

export type PublishInput = Input<FlagValues<typeof pubFlags>>
export type SubscribeInput = Input<FlagValues<typeof subFlags>>
export type BenchInput = Input<FlagValues<typeof benchFlags>>
export type MaxInput = Input<FlagValues<typeof maxFlags>>
