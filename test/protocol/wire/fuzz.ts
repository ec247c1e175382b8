import { parseArgs } from 'node:util'
import { type FuzzCounts, fuzzCodec } from '../../support/packets/fuzz-codec.ts'

/** The long run: `npm run fuzz -- --seconds 600 --seed 7`. A failure prints the seed that repeats it. */
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } } })
const seconds = Number(values.seconds)
const firstSeed = values.seed === undefined ? Date.now() % 1_000_000_007 : Number(values.seed)
const roundsPerSeed = 50_000
const allowedGrowthBytes = 32 * 1024 * 1024

function heldBytes(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function report(total: FuzzCounts, seedsTried: number, growthBytes: number): void {
  const { packets, accepted, refused, streams } = total
  process.stdout.write(
    `${packets} packets (${accepted} accepted, ${refused} refused) and ${streams} streams from ${seedsTried} seeds, ` +
      `the first ${firstSeed}; memory grew by ${(growthBytes / 1024 / 1024).toFixed(1)} MiB\n`,
  )
}

const total: FuzzCounts = { packets: 0, accepted: 0, refused: 0, streams: 0 }
const endsAt = performance.now() + seconds * 1000
let seed = firstSeed
let baselineBytes: number | undefined
while (performance.now() < endsAt) {
  try {
    const counts = fuzzCodec(seed, (rounds) => rounds < roundsPerSeed && performance.now() < endsAt)
    for (const key of Object.keys(total) as (keyof FuzzCounts)[]) total[key] += counts[key]
  } catch (error) {
    process.stdout.write(`seed ${seed} found something\n`)
    throw error
  }
  seed++
  baselineBytes ??= heldBytes() // after the first seed everything is compiled
}
const growthBytes = heldBytes() - (baselineBytes ?? 0)
report(total, seed - firstSeed, growthBytes)
if (growthBytes > allowedGrowthBytes) {
  process.stdout.write('memory is not flat\n')
  process.exitCode = 1
}
