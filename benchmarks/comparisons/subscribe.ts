import { cpuSection, type PeerRow } from '../against-peer.ts'
import type { Bench } from '../bench.ts'
import { compareFiles } from '../compare-files.ts'
import type { Comparison } from '../comparison.ts'
import { measureProcess, type ProcessUse } from '../measured-process.ts'
import { alternate } from '../rounds.ts'
import type { Section } from '../section.ts'
import { SideProcess } from '../side-process.ts'
import { topic } from '../workload.ts'

const target = { atMost: 0.5, stretch: 0.35 }
const promised = [500_000, 200_000] as const

interface Case {
  readonly qos: 0 | 1
  readonly verbose: boolean
  readonly to: 'pipe' | 'file'
}

/** `sub` against `mosquitto_sub`, both fed by one mosquitto: every byte that they print is compared. */
export const subscribe: Comparison = {
  name: 'subscribe',
  async run(bench): Promise<Section> {
    const { port } = await bench.broker({ inflight: 1000 })
    const rows: PeerRow[] = []
    for (const each of cases()) {
      const messages = bench.messages(promised[each.qos])
      const run = (program: readonly string[]) => () => measureSubscribe(bench, port, each, messages, program)
      const contenders = [
        { name: 'mqtt-cli', messages, run: run(bench.ours('sub')) },
        { name: 'mosquitto_sub', messages, run: run(['mosquitto_sub']) },
      ]
      const [ours, peer] = await alternate(contenders, bench.rounds)
      const what = `QoS ${each.qos}${each.verbose ? ', -v' : ''}, to a ${each.to}`
      rows.push({ what, ours: ours!, peer: peer!, target })
    }
    return cpuSection(rows)
  },
}

function cases(): readonly Case[] {
  return ([0, 1] as const).flatMap((qos) =>
    [false, true].flatMap((verbose) => (['pipe', 'file'] as const).map((to) => ({ qos, verbose, to }))),
  )
}

async function measureSubscribe(
  bench: Bench,
  port: number,
  { qos, verbose, to }: Case,
  messages: number,
  program: readonly string[],
): Promise<ProcessUse> {
  const words = ['-h', '127.0.0.1', '-p', port, '-t', topic, '-q', qos, '-C', messages].map(String)
  const expected = await (verbose ? bench.workload.linesWithTopic(messages) : bench.workload.lines(messages))
  const command = [...program, ...words, ...(verbose ? ['-v'] : [])]
  const feeder = new SideProcess('feeder', [port, messages, qos])
  try {
    await feeder.says('ready', 10)
    if (to === 'pipe') return await measureProcess({ command, output: { compareWith: expected } })
    const file = `${bench.workload.folder}/printed.txt`
    const use = await measureProcess({ command, output: { file } })
    await compareFiles(file, expected)
    return use
  } finally {
    await feeder.stop()
  }
}
