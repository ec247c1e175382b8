const { join } = require('node:path')
const { Script } = require('node:vm')
const { readFileSync } = require('node:fs')
const { codeCacheFor } = require('./code-cache.js')

const partName = /^part:(\w+)\/(.*)$/

/** V8 takes a code cache only under the flags that it was made under: who has set one puts it back for so long. */
function underFirstFlags(compile) {
  process.emit('loadingPart')
  const script = compile()
  process.emit('loadedPart')
  return script
}

/**
 * The parts of the program that the build made, each loaded when something in it is first asked for, through V8's code
 * cache. Not through Node's own (`module.enableCompileCache`, from 22.1 on): that reads the source as UTF-8 and hashes
 * it, and a one-shot publish took 58 ms instead of 48.
 */
exports.partsIn = function partsIn(folder, currentCommand = () => undefined) {
  const loaded = new Map()
  process.once('exit', () => {
    for (const { cache, script } of loaded.values()) cache.learn(script, currentCommand())
  })

  function load(name) {
    const known = loaded.get(name)
    if (known !== undefined) return known.module.exports
    const file = join(folder, `${name}.cjs`)
    const source = readFileSync(file)
    const cache = codeCacheFor(file, source)
    const script = underFirstFlags(() => new Script(source.latin1Slice(), { filename: file, cachedData: cache.data }))
    const module = { exports: {} }
    loaded.set(name, { module, cache, script })
    script.runInThisContext().call(module.exports, module.exports, requireFrom, module, file, folder)
    return module.exports
  }

  /** What a part sees as `require`: other parts by their names, and Node's own modules. */
  function requireFrom(id) {
    const [, name, path] = partName.exec(id) ?? []
    return name === undefined ? require(id) : load(name).modules[path]
  }

  return load
}
