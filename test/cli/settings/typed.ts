import { benchFlags } from '../../../src/cli/flags/bench.ts'
import { brokerFlags } from '../../../src/cli/flags/broker.ts'
import type { FlagValues } from '../../../src/cli/flags/flag.ts'
import { proxyFlags } from '../../../src/cli/flags/proxy.ts'
import { pubFlags } from '../../../src/cli/flags/publish.ts'
import { subFlags } from '../../../src/cli/flags/subscribe.ts'
import { prepareArgv } from '../../../src/cli/prepare-argv.ts'
import { type DeclaredFlag, readFlags } from '../../../src/cli/read-flags.ts'
import { benchSettingsFrom } from '../../../src/cli/settings/bench/bench.ts'
import { brokerSettingsFrom } from '../../../src/cli/settings/broker.ts'
import type { Input } from '../../../src/cli/settings/input.ts'
import { proxySettingsFrom } from '../../../src/cli/settings/inspect/proxy.ts'
import { publishSettingsFrom } from '../../../src/cli/settings/publish.ts'
import { subscribeSettingsFrom } from '../../../src/cli/settings/subscribe.ts'
import type { BenchMode } from '../../../src/features/bench/settings.ts'

type Environment = Readonly<Record<string, string>>
type Flags = typeof pubFlags | typeof subFlags | typeof brokerFlags | typeof proxyFlags | typeof benchFlags

/** What a command is given of a command line and an environment. */
function inputOf<F extends Flags>(line: string, environment: Environment, flags: F): Input<FlagValues<F>> {
  return inputOfWords(
    line.split(' ').filter((word) => word !== ''),
    environment,
    flags,
  )
}

function inputOfWords<F extends Flags>(
  argv: readonly string[],
  environment: Environment,
  flags: F,
): Input<FlagValues<F>> {
  const declared = flags as unknown as Record<string, DeclaredFlag>
  const prepared = prepareArgv(argv, declared)
  const { flags: read, typed } = readFlags(prepared, declared, environment)
  return {
    flags: read as FlagValues<F>,
    words: prepared.positional,
    typed,
    randomText: () => '0123456789ab',
  }
}

/** The settings of `pub …`, the line cut at blanks. */
export function pub(line: string, environment: Environment = {}) {
  return publishSettingsFrom(inputOf(line, environment, pubFlags))
}

/** The same for words that hold blanks or nothing. */
export function pubWords(words: readonly string[], environment: Environment = {}) {
  return publishSettingsFrom(inputOfWords(words, environment, pubFlags))
}

export function sub(line: string, environment: Environment = {}) {
  return subscribeSettingsFrom(inputOf(line, environment, subFlags))
}

export function broker(line: string, environment: Environment = {}) {
  return brokerSettingsFrom(inputOf(line, environment, brokerFlags))
}

export function proxy(line: string, environment: Environment = {}) {
  return proxySettingsFrom(inputOf(line, environment, proxyFlags))
}

export function benchTyped(line: string, mode: BenchMode = 'pubsub', environment: Environment = {}) {
  return benchSettingsFrom(inputOf(line, environment, benchFlags), mode)
}
