import { type Import, importsOf, packageOf } from './imports.ts'
import type { SourceFile } from './source-file.ts'

/** A broken rule, in words that say what to do about it. */
export type Breach = string

/** Which features a command works with; those that are not here work with several. */
const featuresOfCommand: Readonly<Record<string, readonly string[]>> = {
  pub: ['publish'],
  sub: ['subscribe'],
  request: ['request'],
  reply: ['request'],
  broker: ['embedded-broker'],
  ping: ['ping'],
  inspect: ['inspect', 'proxy', 'probe'],
}

/** The rooms of third parties: a path prefix each. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  mqtt: ['src/connection/'],
  ws: ['src/connection/transport/'],
  socks: ['src/connection/transport/'],
  'https-proxy-agent': ['src/connection/transport/'],
  'hdr-histogram-js': ['src/features/bench/'],
  'prom-client': ['src/features/bench/'],
  uplot: ['src/features/bench/'],
  'simple-statistics': ['src/features/bench/'],
  '@oclif/core': ['src/cli/', 'src/command/', 'commands/'],
  inquirer: ['src/cli/', 'src/command/'],
  'csv-parse': ['src/cli/'],
  yaml: ['src/cli/'],
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

/** What everybody may import, as they may `protocol`: they import nothing but, for an error, the type of advice. */
const leaves: ReadonlySet<string> = new Set(['src/errors.ts', 'src/advice.ts', 'src/seeded-random.ts'])

function mayImport(line: Import): boolean {
  if (leaves.has(line.from)) return line.from === 'src/errors.ts' && line.to === 'src/advice.ts'
  if (!line.isOurs) return mayImportOutside(line)
  if (folderOf(line.from) === folderOf(line.to)) return line.from.startsWith('src/') || !isOtherCommand(line)
  if (line.from.startsWith('src/protocol/')) return false
  return leaves.has(line.to) || line.to.startsWith('src/protocol/') || mayCross(line)
}

function isOtherCommand({ to }: Import): boolean {
  return to.startsWith('commands/')
}

/** Pure rooms have no use for Node's own modules: those are for who owns sockets, files and time. */
const withoutNode = /^src\/(protocol|payload|render)\//

function mayImportOutside({ from, to, typeOnly }: Import): boolean {
  if (to.startsWith('node:')) return typeOnly || !withoutNode.test(from)
  if (from.startsWith('src/protocol/')) return false
  return (rooms[packageOf(to)] ?? []).some((room) => from.startsWith(room))
}

/** What each room may import beside the leaves and `protocol`, which everybody may. */
const mayUse: Readonly<Record<string, (line: Import, target: string) => boolean>> = {
  payload: () => false,
  connection: () => false,
  observation: (_, target) => target === 'src/payload',
  capture: (_, target) => target === 'src/payload',
  features: (_, target) => belowFeatures.has(target),
  render: ({ typeOnly }, target) => target === 'src/payload' || (typeOnly && isBelowRender(target)),
  cli: ({ to }) => to.endsWith('/settings.ts'),
  command: ({ typeOnly, isLazy }, target) =>
    ['src/cli', 'src/render', 'src/connection'].includes(target) || (isFeature(target) && (typeOnly || isLazy)),
  commands: ({ from }, target) =>
    ['src/command', 'src/cli', 'src/render', 'src/connection'].includes(target) || isOwnFeature(from, target),
}

const belowFeatures = new Set(['src/connection', 'src/observation', 'src/capture', 'src/payload'])

function mayCross(line: Import): boolean {
  return mayUse[roomOf(line.from)]?.(line, folderOf(line.to)) ?? false
}

function isFeature(target: string): boolean {
  return target.startsWith('src/features/')
}

function isBelowRender(target: string): boolean {
  return belowFeatures.has(target) || isFeature(target)
}

function isOwnFeature(from: string, target: string): boolean {
  if (!isFeature(target)) return false
  const own = featuresOfCommand[from.split('/')[1]?.replace(/\.ts$/, '') ?? '']
  return own === undefined || [...own, 'embedded-broker'].some((each) => target === `src/features/${each}`)
}

/** `protocol` of `src/protocol/wire/a.ts`, and `commands`. */
function roomOf(path: string): string {
  const [root = '', room = ''] = path.split('/')
  return root === 'commands' ? root : room
}

/** `src/features/x`, `src/cli`, `commands`. */
function folderOf(path: string): string {
  const parts = path.split('/')
  if (parts[0] === 'commands') return 'commands'
  return parts.slice(0, parts[1] === 'features' ? 3 : 2).join('/')
}
