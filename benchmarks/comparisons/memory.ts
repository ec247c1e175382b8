import type { Bench } from '../bench.ts'
import type { Comparison } from '../comparison.ts'
import { measureProcess, type ProcessWork } from '../measured-process.ts'
import { megabytes, type Section, verdictOf } from '../section.ts'
import { SideProcess } from '../side-process.ts'
import { topic } from '../workload.ts'
import { measurePublish } from './publish-run.ts'

const target = { atMost: 120e6, stretch: 80e6 }
const promised = 2_000_000
/** Long enough for a program without backpressure to have read everything. */
const stoppedSeconds = 4

interface Case {
  readonly what: string
  run(bench: Bench): Promise<{ readonly peakBytes: number; readonly earlyPeakBytes: number }>
}

/** Peak resident memory over a long run, and while the other side has stopped. */
export const memory: Comparison = {
  name: 'memory',
  async run(bench): Promise<Section> {
    const rows: string[][] = []
    const missed: string[] = []
    for (const { what, run } of cases) {
      const { peakBytes, earlyPeakBytes } = await run(bench)
      const verdict = verdictOf(peakBytes, target)
      rows.push([what, megabytes(earlyPeakBytes), megabytes(peakBytes), megabytes(target.atMost), verdict])
      if (verdict === 'MISSED') missed.push(what)
    }
    return { columns: ['', 'peak of the first third', 'peak of the run', 'at most', 'verdict'], rows, missed }
  },
}

const cases: readonly Case[] = [
  { what: '`pub -l` QoS 0, 2,000,000 lines from a file', run: (bench) => publishing(bench, 0, false) },
  { what: '`pub -l` QoS 0, 2,000,000 lines from a pipe', run: (bench) => publishing(bench, 0, true) },
  { what: '`pub -l` QoS 1, 2,000,000 lines from a file', run: (bench) => publishing(bench, 1, false) },
  { what: '`sub`, 2,000,000 messages to a file', run: (bench) => subscribing(bench, { file: '/dev/null' }) },
  { what: '`sub`, 2,000,000 messages to a pipe', run: (bench) => subscribing(bench, { pipeInto: 'cat' }) },
  { what: '`pub -l`, the broker has stopped reading', run: brokerStops },
  {
    what: '`sub`, the reader of its output has stopped',
    run: (bench) => subscribing(bench, { pipeInto: `sleep ${stoppedSeconds}` }),
  },
]

async function publishing(bench: Bench, qos: number, inputByPipe: boolean) {
  const { port } = await bench.broker({ inflight: 1000 })
  const messages = bench.messages(promised)
  const input = await bench.workload.lines(messages)
  const command = bench.ours('pub', '-h', '127.0.0.1', '-p', port, '-t', topic, '-q', qos, '-l')
  return (await measurePublish({ command, port, messages, input, inputByPipe })).memory
}

async function subscribing(bench: Bench, output: NonNullable<ProcessWork['output']>) {
  const messages = bench.messages(promised)
  const source = new SideProcess('source', [messages])
  try {
    const port = await source.says('ready', 10)
    const command = bench.ours('sub', '-h', '127.0.0.1', '-p', port, '-t', topic, '-C', messages)
    return (await measureProcess({ command, output })).memory
  } finally {
    await source.stop()
  }
}

/** Ended by SIGINT: nothing that was read can be confirmed any more, and 130 is the right answer. */
async function brokerStops(bench: Bench) {
  const stopped = new SideProcess('stopped-broker', [])
  try {
    const port = await stopped.says('ready', 10)
    const input = await bench.workload.lines(bench.messages(promised))
    const publish = bench.ours('pub', '-h', '127.0.0.1', '-p', port, '-t', topic, '-l')
    const command = ['timeout', '-s', 'INT', String(stoppedSeconds), ...publish]
    return (await measureProcess({ command, input, accepts: [124, 130] })).memory
  } finally {
    await stopped.stop()
  }
}
