// node --import tsx benchmarks/copy.ts: what one copy of a payload costs, by size: Buffer.copy, a loop over bytes, and
// 32-bit words through two DataViews. PublishEncoder and OutputBuffer choose by it.
const sizes = [8, 20, 48, 60, 96, 128, 192, 256, 1024]
const copies = 4_000_000
const regionBytes = 64 * 1024

type Copy = (source: Buffer, start: number, end: number, target: Buffer, at: number) => void

const source = Buffer.alloc(regionBytes, 'x')
const target = Buffer.alloc(regionBytes)
const from = new DataView(source.buffer, source.byteOffset, source.length)
const to = new DataView(target.buffer, target.byteOffset, target.length)

const ways: Readonly<Record<string, Copy>> = {
  'Buffer.copy': (input, start, end, output, at) => {
    input.copy(output, at, start, end)
  },
  'Buffer.set': (input, start, end, output, at) => {
    output.set(input.subarray(start, end), at)
  },
  bytes: (input, start, end, output, at) => {
    for (let offset = start, place = at; offset < end; offset++, place++) output[place] = input[offset]!
  },
  words: (input, start, end, output, at) => {
    let offset = start
    let place = at
    for (; offset + 4 <= end; offset += 4, place += 4) to.setInt32(place, from.getInt32(offset, true), true)
    for (; offset < end; offset++, place++) output[place] = input[offset]!
  },
}

/** Payloads at changing places, as in a read buffer that is worked through. */
function nanosecondsOf(copy: Copy, size: number): number {
  const begin = process.hrtime.bigint()
  for (let index = 0, at = 1; index < copies; index++, at = at + 2 * size + 7 < regionBytes ? at + size + 7 : 1) {
    copy(source, at, at + size, target, at)
  }
  return Number(process.hrtime.bigint() - begin) / copies
}

for (const [name, copy] of Object.entries(ways)) {
  for (const size of sizes) nanosecondsOf(copy, size) // compiled for all sizes before any is measured
  const figures = sizes.map((size) => `${size} B ${nanosecondsOf(copy, size).toFixed(0)}`)
  process.stdout.write(`${name.padEnd(12)} ns: ${figures.join(', ')}\n`)
}
