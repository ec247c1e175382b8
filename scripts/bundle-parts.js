import { join, relative, sep } from 'node:path'
import { build } from 'esbuild'
import { commandFiles } from './command-files.js'
import { partReference, parts } from './parts.js'

/**
 * Bundles the parts one after the other, twice: the first round finds out which modules of a part the later ones want,
 * the second makes them visible.
 */
export async function bundleParts(root, options) {
  const commands = await commandFiles()
  const wanted = new Map(parts.map(({ name }) => [name, new Set()]))
  await buildRound(root, options, commands, wanted, { write: false })
  return buildRound(root, options, commands, wanted, { write: true })
}

async function buildRound(root, options, commands, wanted, { write }) {
  const partOf = new Map(parts.flatMap(({ name, entries }) => entries.map((path) => [path, name])))
  const round = { root, wanted, entryPart: partOf, owner: new Map(), deferred: new Set(), formats: new Map() }
  const last = parts.at(-1).name
  for (const { file } of commands) {
    const path = `commands/${file}`
    if (!partOf.has(path)) round.deferred.add(path)
  }
  const results = []
  for (const [index, part] of parts.entries()) {
    const entries = part.name === last ? [...round.deferred].sort() : part.entries
    const isStart = index === 0
    const exposed = wanted.get(part.name)
    const contents = isStart
      ? startSource(entries, await exportsOf(root, [...exposed]), commandTable(commands, partOf, last))
      : lazySource(new Set([...entries, ...exposed]))
    const file = join(root, 'dist', `${part.name}.cjs`)
    const result = await build({
      ...options,
      stdin: { contents, resolveDir: root, loader: 'ts' },
      outfile: file,
      // The function that node would wrap a module in: the loader need not copy the text to add it.
      banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
      footer: { js: '})' },
      metafile: true,
      write,
      plugins: [...options.plugins, takeFromEarlier(part.name, round)],
    })
    for (const [path, { format }] of Object.entries(result.metafile.inputs)) {
      if (path.includes(':') || path === '<stdin>') continue
      if (!round.owner.has(path)) round.owner.set(path, part.name)
      round.formats.set(path, format)
    }
    const inputs = Object.keys(result.metafile.inputs).filter((path) => !path.includes(':'))
    const packaged = inputs.find((path) => isStart && path.startsWith('node_modules/'))
    if (packaged !== undefined) throw new Error(`${part.name}.cjs must hold nothing of a package: ${packaged}`)
    const [{ bytes }] = Object.values(result.metafile.outputs)
    results.push({ name: part.name, file, inputs, bytes })
  }
  return results
}

/** A name for each part's modules that the loader asks for: evaluated when asked, and not before. */
function lazySource(paths) {
  const getters = [...paths].map((path) => `  get '${path}'() { return require('./${path}') },`)
  return `export const modules = {\n${getters.join('\n')}\n}\n`
}

/** The first part is evaluated as it is loaded, as one scope: all of it is needed at once. */
function startSource(entries, exposed, table) {
  const imports = []
  const getters = [...exposed].map(([path, names], index) => {
    imports.push(`import { ${names.map((name) => `${name} as m${index}_${name}`).join(', ')} } from './${path}'`)
    return `  get '${path}'() { return { ${names.map((name) => `${name}: m${index}_${name}`).join(', ')} } },`
  })
  const [mainFile, pubFile] = entries
  return `${imports.join('\n')}
import Pub from './${pubFile}'
export { commandId, main } from './${mainFile}'
export const modules = {\n${getters.join('\n')}\n}
export const COMMANDS = {\n${table}\n}
`
}

function commandTable(commands, partOf, last) {
  const lines = commands.map(({ file, id }) => {
    const path = `commands/${file}`
    if (id === 'pub') return `  get 'pub'() { return Pub },`
    return `  get '${id}'() { return require('${partReference(partOf.get(path) ?? last, path)}').default },`
  })
  return lines.join('\n')
}

/** The names that each of these ES modules exports. */
async function exportsOf(root, paths) {
  if (paths.length === 0) return new Map()
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: paths,
    bundle: false,
    write: false,
    metafile: true,
    format: 'esm',
    outdir: join(root, 'dist'),
  })
  return new Map(Object.values(metafile.outputs).map(({ entryPoint, exports }) => [entryPoint, exports]))
}

/** An esbuild plugin: a module of an earlier part is taken from there, and one that a later part begins with is left to it. */
function takeFromEarlier(name, round) {
  const { root, owner, entryPart, deferred, wanted, formats } = round
  return {
    name: 'take-from-earlier',
    setup(bundle) {
      bundle.onResolve({ filter: /^part:/ }, ({ path }) => ({ path, external: true }))
      bundle.onResolve({ filter: /.*/ }, async ({ path: typed, pluginData, ...from }) => {
        if (pluginData === 'asked' || from.kind === 'entry-point' || typed.startsWith('node:')) return undefined
        const found = await bundle.resolve(typed, { ...from, pluginData: 'asked' })
        if (found.external || found.errors.length > 0 || found.namespace !== 'file') return undefined
        const path = relative(root, found.path).split(sep).join('/')
        const holder = owner.get(path) ?? laterPart(path, from.kind)
        // Not `found`: esbuild reads the kind of a module ("type" in package.json) only where it resolves by itself.
        if (holder === undefined || holder === name) return undefined
        if (!owner.has(path)) return { path: partReference(holder, path), external: true }
        wanted.get(holder).add(path)
        return { path, namespace: 'earlier', pluginData: holder }
      })
      bundle.onLoad({ filter: /.*/, namespace: 'earlier' }, async ({ path, pluginData: holder }) => ({
        contents: await takenSource(root, path, holder, formats.get(path)),
        resolveDir: root,
        loader: 'js',
      }))
    },
  }

  /** What is imported when it is needed belongs to the part that begins with it; if none does, to the last. */
  function laterPart(path, kind) {
    if (kind !== 'dynamic-import') return undefined
    const part = entryPart.get(path)
    if (part !== undefined) return part
    const last = parts.at(-1).name
    if (name !== last) deferred.add(path)
    return last
  }
}

/** Bound once, when the later part is evaluated: no call on the message path goes through a table. */
async function takenSource(root, path, holder, format) {
  const there = `require('${partReference(holder, path)}')`
  if (format !== 'esm') return `module.exports = ${there}`
  const names = (await exportsOf(root, [path])).get(path) ?? []
  const named = names.filter((name) => name !== 'default')
  const rest = names.includes('default') ? `\nexport default ${there}.default` : ''
  return `export const { ${named.join(', ')} } = ${there}${rest}`
}
