#!/usr/bin/env node
// Runs from the sources, through tsx: slower to start than bin/run.js, and never older than the last change.
delete process.env.DEBUG

const { join } = require('node:path')

async function dev() {
  const { register } = await import('tsx/esm/api')
  register()
  const { commandFiles } = await import('../scripts/command-files.js')
  const { main } = await import('../src/command/main.ts')
  const loading = (await commandFiles()).map(async ({ file, id }) => [
    id,
    (await import(`../commands/${file}`)).default,
  ])
  await main(join(__dirname, '..'), Object.fromEntries(await Promise.all(loading)), process.argv.slice(2))
}

dev()
