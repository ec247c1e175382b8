import { readFile } from 'node:fs/promises'

const topLevelRequire = /^(?:const|var) (\w+_\d+) = ((?:\w+\()?require\("[^"]+"\)\)?);$/gm

/**
 * An esbuild plugin: what a module of oclif requires at its top is loaded when it is first used, and not when the module
 * is. oclif loads help, plugins, globbing and templates before it parses one flag: 6 ms of each start, for nothing.
 * Sound only for what TypeScript compiled: there an import is never anything but the left side of a dot.
 */
export const lazyRequires = {
  name: 'lazy-requires',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/ }, async ({ path }) => ({
      contents: makeLazy(await readFile(path, 'utf8')),
    }))
  },
}

function makeLazy(source) {
  const names = [...source.matchAll(topLevelRequire)].map(([, name]) => name)
  const declared = source.replace(topLevelRequire, 'let loaded_$1; const $1 = () => (loaded_$1 ??= $2);')
  return names.reduce((text, name) => text.replace(new RegExp(`\\b${name}\\.`, 'g'), `(${name}()).`), declared)
}
