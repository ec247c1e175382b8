// Writes oclif.manifest.json from the built commands, so that help needs none of them; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Plugin } from '@oclif/core/config'

const require = createRequire(import.meta.url)
const root = join(import.meta.dirname, '..')
const file = join(root, 'oclif.manifest.json')

/** The commands as the program has them: each a class of ours that says of itself what oclif asks a command. */
class ProgramPlugin extends Plugin {
  #commands = require('../bin/load-part.js').partsIn(join(root, 'dist'))('start').COMMANDS

  async getCommandIDs() {
    return Object.keys(this.#commands)
  }

  async findCommand(id) {
    return Object.assign(this.#commands[id], { id, plugin: this })
  }
}

/** Asked of the Plugin itself: Config passes `ignoreManifest` on to nobody, and the old file would be compared with itself. */
async function manifestText() {
  const pjson = require('../package.json')
  const plugin = new ProgramPlugin({ root, pjson, name: pjson.name, type: 'core', isRoot: true, ignoreManifest: true })
  await plugin.load()
  return `${JSON.stringify(plugin.manifest, null, 2)}\n`
}

const wanted = await manifestText()
if (!process.argv.includes('--check')) writeFileSync(file, wanted)
else if (readIfThere() !== wanted) {
  process.stderr.write('oclif.manifest.json is not what the commands say: npm run manifest, and commit it\n')
  process.exitCode = 1
}

function readIfThere() {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
