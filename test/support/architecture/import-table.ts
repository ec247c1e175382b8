import { type Import, importsOf, packageOf } from './imports.ts'
import type { SourceFile } from './source-file.ts'

/** A broken rule, in words that say what to do about it. */
export type Breach = string

/** Which features a command works with; those that are not here work with any. */
const featureOfCommand: Readonly<Record<string, string>> = {
  pub: 'publish',
  sub: 'subscribe',
  request: 'request',
  reply: 'request',
  broker: 'embedded-broker',
  inspect: 'inspect',
  profile: 'profiles',
}

/** Values that go up against the usual rule: tables of names, and pure rules (docs/decisions). */
const protocolTables = new Set(['src/protocol/reason-codes.ts', 'src/protocol/properties.ts'])
const protocolRules = new Set([
  'src/protocol/topic-name.ts',
  'src/protocol/topic-filter.ts',
  'src/protocol/properties.ts',
])

/** The rooms of third parties: a path prefix each. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  mqtt: ['src/connection/'],
  ws: ['src/connection/transport/'],
  socks: ['src/connection/transport/'],
  'https-proxy-agent': ['src/connection/transport/'],
  aedes: ['src/features/embedded-broker/'],
  'aedes-packet': ['src/features/embedded-broker/'],
  'aedes-persistence': ['src/features/embedded-broker/'],
  mqemitter: ['src/features/embedded-broker/'],
  'hdr-histogram-js': ['src/features/bench/'],
  'prom-client': ['src/features/bench/'],
  uplot: ['src/features/bench/'],
  '@oclif/core': ['src/cli/', 'commands/'],
  inquirer: ['src/cli/'],
  'csv-parse': ['src/cli/'],
  chalk: ['src/render/'],
  'cli-table3': ['src/render/'],
  'string-width': ['src/render/'],
}

/** All breaches of the import table of the design. */
export function tableBreaches(files: readonly SourceFile[]): readonly Breach[] {
  const imports = files.flatMap(importsOf)
  const crossing = imports.filter((line) => !mayImport(line)).map(({ from, to }) => `${from} may not import ${to}`)
  return [...crossing, ...severalMqttFiles(imports)]
}

function severalMqttFiles(imports: readonly Import[]): readonly Breach[] {
  const holders = [
    ...new Set(imports.filter(({ to, isOurs }) => !isOurs && packageOf(to) === 'mqtt').map(({ from }) => from)),
  ]
  return holders.length > 1 ? [`mqtt is imported in one file only, not in ${holders.join(', ')}`] : []
}

function mayImport(line: Import): boolean {
  if (line.from === 'src/errors.ts') return false
  if (!line.isOurs) return mayImportOutside(line)
  if (folderOf(line.from) === folderOf(line.to)) return line.from.startsWith('src/') || !isOtherCommand(line)
  if (line.to === 'src/errors.ts') return !line.from.startsWith('src/protocol/')
  return mayCross(line)
}

function isOtherCommand({ to }: Import): boolean {
  return to.startsWith('commands/')
}

/** Node's own modules are for those who own sockets, files and time. */
function mayImportOutside({ from, to, typeOnly }: Import): boolean {
  if (to.startsWith('node:')) return typeOnly || !(from.startsWith('src/protocol/') || from.startsWith('src/render/'))
  if (from.startsWith('src/protocol/')) return false
  return (rooms[packageOf(to)] ?? []).some((room) => from.startsWith(room))
}

/** From one folder of the chart to another. */
function mayCross({ from, to, typeOnly }: Import): boolean {
  const target = folderOf(to)
  switch (layerOf(from)) {
    case 'connection':
      return target === 'src/protocol'
    case 'feature':
      return target === 'src/connection' || target === 'src/protocol'
    case 'render':
      return (typeOnly && isBelowRender(target)) || protocolTables.has(to)
    case 'cli':
      return target === 'src/render' || protocolRules.has(to) || (typeOnly && isShape(to))
    case 'command':
      return mayCommand(from, to, typeOnly)
    default:
      return false
  }
}

function isBelowRender(target: string): boolean {
  return target === 'src/protocol' || target === 'src/connection' || target.startsWith('src/features/')
}

/** Shapes that flags are turned into, and shapes of what a feature tells while it works. */
function isShape(path: string): boolean {
  return path.endsWith('/settings.ts') || path.endsWith('/events.ts') || path.startsWith('src/protocol/')
}

function mayCommand(from: string, to: string, typeOnly: boolean): boolean {
  const target = folderOf(to)
  if (target === 'src/cli' || target === 'src/render' || target === 'src/connection') return true
  if (target === 'src/protocol') return typeOnly
  if (!target.startsWith('src/features/')) return false
  const own = featureOfCommand[from.split('/')[1]?.replace(/\.ts$/, '') ?? '']
  return own === undefined || target === `src/features/${own}` || target === 'src/features/embedded-broker'
}

function layerOf(path: string): 'protocol' | 'connection' | 'feature' | 'render' | 'cli' | 'command' | 'other' {
  if (path.startsWith('commands/')) return 'command'
  if (path.startsWith('src/features/')) return 'feature'
  const [, layer] = /^src\/(protocol|connection|render|cli)\//.exec(path) ?? []
  return (layer as 'protocol' | undefined) ?? 'other'
}

/** `src/features/x`, `src/cli`, `commands`. */
function folderOf(path: string): string {
  const parts = path.split('/')
  if (parts[0] === 'commands') return 'commands'
  return parts.slice(0, parts[1] === 'features' ? 3 : 2).join('/')
}
