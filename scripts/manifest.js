// Writes oclif.manifest.json from the built commands, so that help needs none of them; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Config } from '@oclif/core/config'

const root = join(import.meta.dirname, '..')
const file = join(root, 'oclif.manifest.json')

/** oclif's own Plugin reads the commands from dist/cli.cjs, as it would where there is no manifest. */
async function manifestText() {
  const pjson = createRequire(import.meta.url)('../package.json')
  const config = await Config.load({ root, pjson, ignoreManifest: true })
  return `${JSON.stringify(config.plugins.get(pjson.name).manifest, null, 2)}\n`
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
