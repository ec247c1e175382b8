#!/usr/bin/env node
// Read by oclif, mqtt.js and mqtt-packet when they are loaded, and each of them then prints secrets: ours is --debug.
delete process.env.DEBUG

const { join } = require('node:path')
const { loadBundle } = require('./load-bundle.js')

const root = join(__dirname, '..')
const { main, COMMANDS } = loadBundle(join(root, 'dist', 'cli.cjs'))
main(root, COMMANDS, process.argv.slice(2))
