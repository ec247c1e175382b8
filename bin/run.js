#!/usr/bin/env node
// Read by oclif, mqtt.js and mqtt-packet when they are loaded, and each of them then prints secrets: ours is --debug.
delete process.env.DEBUG

const { existsSync } = require('node:fs')
const { join } = require('node:path')
const { partsIn } = require('./load-part.js')

const root = join(__dirname, '..')
const dist = join(root, 'dist')
if (existsSync(join(dist, 'start.cjs'))) {
  const words = process.argv.slice(2)
  const load = partsIn(dist, () => commandId(COMMANDS, words))
  const { main, commandId, COMMANDS } = load('start')
  main(root, COMMANDS, words)
} else {
  process.stderr.write('mqtt-cli is not built here: npm start, or npm run build\n')
  process.exitCode = 1
}
