import type { Comparison } from '../comparison.ts'
import { measureProcess } from '../measured-process.ts'
import { alternate, type Result } from '../rounds.ts'
import { megabytes, type Section, times, verdictOf } from '../section.ts'

const target = { atMost: 2.2, stretch: 1.5 }
/** A start takes a tenth of a second: many of them cost little, and their median is steadier. */
const startsPerRound = 5

/** A single publish, from the shell's point of view: how long until the prompt is back. */
export const oneShot: Comparison = {
  name: 'one-shot',
  async run(bench): Promise<Section> {
    const { port } = await bench.broker({ inflight: 1000 })
    const words = ['-p', String(port), '-t', 'a', '-m', 'b'] // the host is localhost, as for who types no host
    const contender = (name: string, command: readonly string[]) => ({
      name,
      messages: 1,
      run: () => measureProcess({ command }),
    })
    const contenders = [
      contender('node -e 0', [process.execPath, '-e', '0']),
      contender('pub -t a -m b', bench.ours('pub', ...words)),
      contender('pub -t a -m b -q 1', bench.ours('pub', ...words, '-q', '1')),
      contender('mosquitto_pub -t a -m b', ['mosquitto_pub', ...words]),
    ]
    await alternate(contenders, 1) // the first start reads everything from the disk
    return sectionOf(await alternate(contenders, bench.rounds * startsPerRound))
  },
}

function sectionOf(results: readonly Result[]): Section {
  const bare = results[0]?.wallMs ?? Number.NaN
  const isOurs = ({ name }: Result) => name.startsWith('pub ')
  return {
    columns: ['', 'wall, ms', 'of `node -e 0`', 'at most', 'verdict', 'CPU, ms', 'peak memory'],
    rows: results.map((result) => {
      const { name, wallMs, cpuMicroseconds, peakBytes } = result
      const ratio = wallMs / bare
      const judged = isOurs(result) ? [times(target.atMost), verdictOf(ratio, target)] : ['', '']
      const cpuMs = (cpuMicroseconds / 1000).toFixed(0)
      return [`\`${name}\``, wallMs.toFixed(0), times(ratio), ...judged, cpuMs, megabytes(peakBytes)]
    }),
    missed: results.filter((result) => isOurs(result) && result.wallMs / bare > target.atMost).map(({ name }) => name),
  }
}
