import type { Bench } from '../bench.ts'
import type { Comparison } from '../comparison.ts'
import { alternate, type Contender, type Result } from '../rounds.ts'
import { thousands, us } from '../section.ts'
import { topic } from '../workload.ts'
import { measurePublish } from './publish-run.ts'

const windows = [20, 100, 500, 1000, 2000, 5000, 20_000, 65_435]
const promised = 100_000
/** Only the shape matters here: which window is wide enough. */
const rounds = 1

/** `pub -l` with windows of different widths against a broker that allows any: where more stops helping is our bound. */
export const window: Comparison = {
  name: 'window',
  async run(bench) {
    const { port } = await bench.broker({ inflight: 0 })
    const messages = bench.messages(promised)
    const input = await bench.workload.lines(messages)
    const contender = (qos: number, inflight: number): Contender => ({
      name: String(inflight),
      messages,
      run: () => measurePublish({ command: publishing(bench, port, qos, inflight), port, messages, input }),
    })
    const both: (readonly Result[])[] = []
    for (const qos of [1, 2]) {
      const contenders = windows.map((inflight) => contender(qos, inflight))
      both.push(await alternate(contenders, Math.min(rounds, bench.rounds)))
    }
    return sectionOf(both[0] ?? [], both[1] ?? [])
  },
}

function publishing(bench: Bench, port: number, qos: number, inflight: number): readonly string[] {
  return bench.ours('pub', '-h', '127.0.0.1', '-p', port, '-t', topic, '-q', qos, '-M', inflight, '-l')
}

function sectionOf(qos1: readonly Result[], qos2: readonly Result[]) {
  const cells = ({ cpuMicroseconds, perSecond, peakBytes }: Result) => [
    us(cpuMicroseconds),
    `${Math.round(perSecond / 1000)} k`,
    `${Math.round(peakBytes / 1e6)}`,
  ]
  return {
    columns: ['in flight', 'QoS 1, µs', 'messages/s', 'MB', 'QoS 2, µs', 'messages/s', 'MB'],
    rows: qos1.map((result, index) => [thousands(Number(result.name)), ...cells(result), ...cells(qos2[index]!)]),
    missed: [],
  }
}
