import { MqttCliError } from '../../../errors.ts'
import type { Barrier } from '../../../features/bench/scenario/settings.ts'
import { type FlagTexts, isOfAllGroups } from '../../scenario/flag-texts.ts'
import { readScenario, type WrittenGroup } from '../../scenario/scenario-file.ts'
import { usageError } from '../../usage-error.ts'
import type { BenchInput } from '../command-input.ts'
import { type BenchCommandSettings, benchSettingsFrom } from './bench.ts'

interface GroupSettings {
  readonly name: string
  readonly after?: Barrier
  readonly delayMs: number
  readonly settings: Omit<BenchCommandSettings, 'passwordSource'>
}

export interface ScenarioCommandSettings extends BenchCommandSettings {
  readonly name: string
  readonly groups: readonly GroupSettings[]
}

/** What the file says for all groups, what it says of one, and above both what was typed; below them the environment. */
export function scenarioSettingsFrom(input: BenchInput): ScenarioCommandSettings {
  const [path, ...more] = input.words
  if (path === undefined) throw usageError('which scenario is to be run?', 'mqtt-cli bench run FILE.yaml')
  if (more.length > 0)
    throw usageError(`bench run takes one file: ${JSON.stringify(more[0])}`, 'run them one after the other')
  const { name, flags, groups } = readScenario(path)
  const shared = benchSettingsFrom(merged(input, flags), 'pubsub')
  const each = groups.map((group) => groupSettings(input, flags, group, path))
  const hosts = new Set(each.flatMap(({ settings }) => settings.askFor ?? []))
  const { askFor: _ofNoGroup, ...others } = shared
  return { ...others, ...(hosts.size > 0 && { askFor: [...hosts].join(', ') }), name, groups: each }
}

function groupSettings(input: BenchInput, shared: FlagTexts, group: WrittenGroup, path: string): GroupSettings {
  const { name, mode, after, delayMs, flags } = group
  const place = `${path}: groups.${name}`
  const wrong = Object.keys(flags).find(isOfAllGroups)
  if (wrong !== undefined) throw usageError(`${place}: ${wrong} is for all groups`, 'write it below settings:')
  return {
    name,
    ...(after && { after }),
    delayMs,
    settings: inPlace(place, () => benchSettingsFrom(merged(input, shared, flags), mode)),
  }
}

function merged(input: BenchInput, ...layers: readonly FlagTexts[]): BenchInput {
  const written: FlagTexts = Object.assign({}, ...layers)
  const typed = Object.fromEntries(
    Object.entries(input.flags).filter(([name]) => (input.typed as ReadonlySet<string>).has(name)),
  )
  return {
    ...input,
    flags: { ...input.flags, ...written, ...typed },
    typed: new Set([...input.typed, ...Object.keys(written)]),
    words: [],
  }
}

function inPlace<Value>(place: string, build: () => Value): Value {
  try {
    return build()
  } catch (error) {
    if (!(error instanceof MqttCliError)) throw error
    throw new MqttCliError(error.kind, `${place}: ${error.message}`, error.details)
  }
}
