#!/usr/bin/env node
// Read by oclif, mqtt.js and mqtt-packet when they are loaded, and each of them then prints secrets: ours is --debug.
delete process.env.DEBUG

const { existsSync } = require('node:fs')
const { join } = require('node:path')
const { loadBundle } = require('./load-bundle.js')

const root = join(__dirname, '..')
const bundle = join(root, 'dist', 'cli.cjs')
if (existsSync(bundle)) {
  const { main, COMMANDS } = loadBundle(bundle)
  main(root, COMMANDS, process.argv.slice(2))
} else {
  process.stderr.write('mqtt-cli is not built here: npm start, or npm run build\n')
  process.exitCode = 1
}
