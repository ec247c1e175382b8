const fs = require('node:fs')
const { basename, dirname, join } = require('node:path')
const { crc32 } = require('node:zlib')

/**
 * V8's code cache for one file of the program. It lies beside that file or, where that folder is not ours to write to, in
 * the user's own cache folder. It holds what the commands needed that have run so far: V8 compiles the rest when needed.
 *
 * A cache file is one line and the code. The line holds the checksum of the source that the code was made from, since V8
 * itself asks only for a source of the same length; and that of the code, since V8 dies of code that was damaged or cut
 * short. CRC-32, because zlib is there in any case: 0.5 ms of a start, where SHA-1 takes 2.
 */
exports.codeCacheFor = function codeCacheFor(file, source) {
  if (crc32 === undefined) return { data: undefined, learn() {} } // Node 21, and 22 before 22.2
  const name = `${basename(file)}.${process.version}-${process.arch}.cache`
  const places = [{ folder: dirname(file), isOwn: false }, ...userPlace()]
  const sourceSum = sumOf(source)
  const { data, commands } = firstUsable(places, name, sourceSum) ?? { data: undefined, commands: [] }

  /** At the end of a run: keeps what V8 has compiled, unless a run of the same command has done that already. */
  function learn(script, command = 'help') {
    const isRefused = data === undefined || script.cachedDataRejected
    if (!isRefused && commands.includes(command)) return
    const code = script.createCachedData()
    const served = isRefused ? [command] : [...commands, command]
    const line = `${JSON.stringify({ source: sourceSum, code: sumOf(code), commands: served })}\n`
    places.some((place) => isWritten(place, name, Buffer.concat([Buffer.from(line), code])))
  }
  return { data, learn }
}

function sumOf(bytes) {
  return `${bytes.length}-${crc32(bytes).toString(16)}`
}

/** https://specifications.freedesktop.org/basedir-spec: a relative path there counts as none. */
function userPlace() {
  const { XDG_CACHE_HOME: cache = '', HOME: home = '', LOCALAPPDATA: local = '' } = process.env
  const folder = cache.startsWith('/') ? cache : local !== '' ? local : home.startsWith('/') ? join(home, '.cache') : ''
  return folder === '' ? [] : [{ folder: join(folder, 'mqtt-cli'), isOwn: true }]
}

function firstUsable(places, name, sourceSum) {
  for (const { folder, isOwn } of places) {
    const found = readCache(join(folder, name), isOwn, sourceSum)
    if (found !== undefined) return found
  }
  return undefined
}

function readCache(path, isOwn, sourceSum) {
  try {
    const bytes = isOwn ? readOwn(path) : fs.readFileSync(path)
    const end = bytes.indexOf(0x0a)
    const { source, code, commands } = JSON.parse(bytes.latin1Slice(0, end))
    const data = bytes.subarray(end + 1)
    return source === sourceSum && code === sumOf(data) ? { data, commands } : undefined
  } catch {
    return undefined
  }
}

/** Code that somebody else could have put there is not run: under sudo, HOME may be another user's. */
function readOwn(path) {
  const descriptor = fs.openSync(path)
  try {
    const { uid, mode } = fs.fstatSync(descriptor)
    if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) throw new Error('not ours')
    return fs.readFileSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Written whole or not at all: a second process must never read half a cache. A folder that is not ours is no error. */
function isWritten({ folder, isOwn }, name, bytes) {
  const partial = join(folder, `${name}.${process.pid}`)
  try {
    if (isOwn) fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    fs.writeFileSync(partial, bytes, { mode: isOwn ? 0o600 : 0o644 })
    fs.renameSync(partial, join(folder, name))
    return true
  } catch {
    fs.rmSync(partial, { force: true })
    return false
  }
}
