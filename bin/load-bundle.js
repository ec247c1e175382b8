const { readFileSync, renameSync, writeFileSync } = require('node:fs')
const { createRequire, wrap, enableCompileCache } = require('node:module')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

/** Loads the bundle through V8's code cache: Node's own where it has one (22.1), ours beside the bundle on Node 20. */
exports.loadBundle = function loadBundle(file) {
  if (enableCompileCache === undefined) return loadThroughCodeCache(file)
  enableCompileCache(join(dirname(file), 'code-cache'))
  return require(file)
}

function loadThroughCodeCache(file) {
  const cacheFile = `${file}.${process.version}-${process.arch}.cache`
  const cachedData = readIfThere(cacheFile)
  const script = new Script(wrap(readFileSync(file, 'latin1')), { filename: file, cachedData })
  if (cachedData === undefined || script.cachedDataRejected) process.once('exit', () => keep(cacheFile, script))
  const module = { exports: {} }
  script.runInThisContext().call(module.exports, module.exports, createRequire(file), module, file, dirname(file))
  return module.exports
}

function readIfThere(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** Written whole or not at all: a second process must never read half a cache. A folder that is not ours is no error. */
function keep(cacheFile, script) {
  const partial = `${cacheFile}.${process.pid}`
  try {
    writeFileSync(partial, script.createCachedData())
    renameSync(partial, cacheFile)
  } catch {}
}
