import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { parseDocument } from 'yaml'
import { MqttCliError } from '../../errors.ts'
import type { Barrier, Milestone } from '../../features/bench/scenario/settings.ts'
import { usageError } from '../usage-error.ts'
import { positiveDurationMs } from '../values/duration.ts'
import { type FlagTexts, flagTexts } from './flag-texts.ts'

export const modes = ['pubsub', 'pub', 'sub', 'conn', 'rpc'] as const
const milestones: readonly Milestone[] = ['connected', 'measuring', 'draining', 'ended']

/** A group as its file has it, its flags as text. */
export interface WrittenGroup {
  readonly name: string
  readonly mode: (typeof modes)[number]
  readonly after?: Barrier
  readonly delayMs: number
  readonly flags: FlagTexts
}

export interface WrittenScenario {
  readonly name: string
  /** For all groups. */
  readonly flags: FlagTexts
  readonly groups: readonly WrittenGroup[]
}

type Mapping = Readonly<Record<string, unknown>>

/** Reads `FILE.yaml`. Every error names the file, and the place in it. */
export function readScenario(path: string): WrittenScenario {
  const file = mapping(parsed(path), path)
  refuseOthers(file, ['name', 'settings', 'groups'], path)
  const { name = basename(path, extname(path)), settings = {}, groups } = file
  if (typeof name !== 'string') throw usageError(`${path}: name is no text`, 'write name: soak')
  const written = Object.entries(mapping(groups, `${path}: groups`)).map(([each, value]) => groupOf(each, value, path))
  if (written.length === 0) throw usageError(`${path}: there are no groups`, 'write one below groups:')
  for (const { name: each, after } of written) refuseImpossibleBarrier(each, after, written, path)
  return { name, flags: flagTexts(mapping(settings, `${path}: settings`), `${path}: settings`), groups: written }
}

function parsed(path: string): unknown {
  const document = parseDocument(readText(path))
  const [error] = document.errors
  if (error !== undefined)
    throw usageError(`${path} is no YAML: ${error.message.split('\n')[0]}`, 'see docs/bench-run.md for one that is')
  return document.toJS({ maxAliasCount: 100 })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new MqttCliError('local-io', `Cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, {
      layer: 'file',
      tries: ['check the path and who may read it'],
      cause,
    })
  }
}

function groupOf(name: string, value: unknown, path: string): WrittenGroup {
  const place = `${path}: groups.${name}`
  const { mode = 'pubsub', after, delay, ...flags } = mapping(value, place)
  const known = modes.find((each) => each === mode)
  if (known === undefined)
    throw usageError(`${place}: mode is not one: ${JSON.stringify(mode)}`, `give one of ${modes.join(', ')}`)
  return {
    name,
    mode: known,
    ...(after !== undefined && { after: barrierOf(after, place) }),
    delayMs: delay === undefined ? 0 : positiveDurationMs(String(delay), `${place}: delay`),
    flags: flagTexts(flags, place),
  }
}

/** `after: meters` is when it measures; `after: meters ended`. */
function barrierOf(value: unknown, place: string): Barrier {
  const [group, milestone = 'measuring', ...more] = typeof value === 'string' ? value.split(' ') : []
  const known = milestones.find((each) => each === milestone)
  if (group === undefined || group === '' || known === undefined || more.length > 0) {
    throw usageError(
      `${place}: after is no barrier: ${JSON.stringify(value)}`,
      `write after: GROUP, or GROUP with one of ${milestones.join(', ')}`,
    )
  }
  return { group, milestone: known }
}

/** Nobody may wait for who is not there, or in the end for himself. */
function refuseImpossibleBarrier(
  name: string,
  after: Barrier | undefined,
  groups: readonly WrittenGroup[],
  path: string,
): void {
  const passed = new Set([name])
  for (let next = after; next !== undefined; ) {
    const { group } = next
    const found = groups.find((each) => each.name === group)
    const names = groups.map((each) => each.name).join(', ')
    if (found === undefined)
      throw usageError(`${path}: groups.${name} waits for ${group}, which is not there`, `there are ${names}`)
    if (passed.has(group))
      throw usageError(`${path}: ${[...passed].join(' and ')} wait for each other`, 'let one of them begin by itself')
    passed.add(group)
    next = found.after
  }
}

function mapping(value: unknown, place: string): Mapping {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Mapping
  throw usageError(`${place} is no mapping`, 'write names with values: docs/bench-run.md has an example')
}

function refuseOthers(file: Mapping, known: readonly string[], path: string): void {
  const other = Object.keys(file).find((key) => !known.includes(key))
  if (other !== undefined) throw usageError(`${path}: ${other} means nothing here`, `there are ${known.join(', ')}`)
}
