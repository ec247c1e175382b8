import { startSlowLine } from '../../test/support/network/slow-line.ts'
import { reachOf } from '../../test/support/transports/reach.ts'
import { transportTable } from '../../test/support/transports/transport-table.ts'
import type { Comparison } from '../comparison.ts'
import { measureProcess } from '../measured-process.ts'
import { alternate, type Result } from '../rounds.ts'
import { megabytes, type Section, verdictOf } from '../section.ts'

/** Milliseconds above `node -e 0`. */
const target = { atMost: 26, stretch: 15 }
/** Each way; both make the 50 ms of a round trip. */
const lineDelayMs = 25
/** A start takes a tenth of a second: many of them cost little, and their median is steadier. */
const startsPerRound = 5

/** A single publish, from the shell's point of view: how long until the prompt is back. */
export const oneShot: Comparison = {
  name: 'one-shot',
  async run(bench): Promise<Section> {
    const { port } = await bench.broker({ inflight: 1000 })
    const line = await startSlowLine(reachOf({ port }, transportTable.tcp), { delayMs: lineDelayMs })
    const words = ['-p', String(port), '-t', 'a', '-m', 'b'] // the host is localhost, as for who types no host
    const farWords = ['-h', '127.0.0.1', '-p', new URL(line.url).port, '-t', 'a', '-m', 'b', '-q', '1']
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
      contender('pub -q 1, round trips of 50 ms', bench.ours('pub', ...farWords)),
      contender('mosquitto_pub -q 1, round trips of 50 ms', ['mosquitto_pub', ...farWords]),
    ]
    await alternate(contenders, 1) // the first start reads everything from the disk
    const results = await alternate(contenders, bench.rounds * startsPerRound)
    line.close()
    return sectionOf(results)
  },
}

function sectionOf(results: readonly Result[]): Section {
  const bareMs = results[0]?.wallMs ?? Number.NaN
  const isJudged = ({ name }: Result) => name.startsWith('pub -t')
  const rows = results.map((result) => {
    const { name, wallMs, cpuMicroseconds, peakBytes } = result
    const aboveMs = wallMs - bareMs
    const judged = isJudged(result) ? [String(target.atMost), verdictOf(aboveMs, target)] : ['', '']
    const above = result === results[0] ? '' : aboveMs.toFixed(1)
    return [
      `\`${name}\``,
      wallMs.toFixed(1),
      above,
      ...judged,
      (cpuMicroseconds / 1000).toFixed(0),
      megabytes(peakBytes),
    ]
  })
  return {
    columns: ['', 'wall, ms', 'above `node -e 0`', 'at most', 'verdict', 'CPU, ms', 'peak memory'],
    rows,
    missed: results
      .filter((result) => isJudged(result) && result.wallMs - bareMs > target.atMost)
      .map(({ name }) => name),
  }
}
