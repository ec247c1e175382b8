import type { EventEmitter } from 'node:events'

/**
 * Keeps V8's nursery at the size that it begins with. For a command that runs long and makes little garbage it grows to
 * 32 MB for nothing: `pub -l` peaks at 74 MB instead of 91, `sub` at 73 instead of 88, at the same CPU
 * (docs/performance.md). V8 reads this figure each time the nursery would grow; Node 20 to 26 know it.
 */
export function keepHeapSmall(): void {
  growNurseryBy(1)
  // V8 refuses a code cache that was written under other flags than those it is read with (bin/load-part.js).
  const loader: EventEmitter = process
  loader.on('loadingPart', () => growNurseryBy(2))
  loader.on('loadedPart', () => growNurseryBy(1))
  process.prependOnceListener('exit', () => growNurseryBy(2))
}

function growNurseryBy(factor: number): void {
  process.getBuiltinModule('node:v8').setFlagsFromString(`--semi-space-growth-factor=${factor}`)
}
