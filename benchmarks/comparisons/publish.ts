import { cpuSection, type PeerRow } from '../against-peer.ts'
import type { Bench } from '../bench.ts'
import type { Comparison } from '../comparison.ts'
import { alternate, type Contender } from '../rounds.ts'
import type { Target } from '../section.ts'
import { topic } from '../workload.ts'
import { measurePublish } from './publish-run.ts'

interface Case {
  readonly what: string
  readonly qos: number
  readonly messages: number
  /** mosquitto_pub 2.0.11 stops early, with status 0, somewhere above 65,535 lines at QoS 1 and 2. */
  readonly peerMessages: number
  readonly byPipe?: boolean
}

interface Broker {
  readonly inflight: number
  readonly target: Target
}

/** `pub -l` against `mosquitto_pub -l`, the broker's window wide open for both. */
export const publish: Comparison = {
  name: 'publish',
  run: (bench) => comparePublish(bench, wide, { inflight: 1000, target: { atMost: 0.5, stretch: 0.3 } }),
}

/** The same with the window that a broker has by default, where waiting for acknowledgements is most of the work. */
export const publishSmallWindow: Comparison = {
  name: 'publish-window-20',
  run: (bench) => comparePublish(bench, narrow, { inflight: 20, target: { atMost: 0.9, stretch: 0.7 } }),
}

const wide: readonly Case[] = [
  { what: 'QoS 0, from a file', qos: 0, messages: 2_000_000, peerMessages: 2_000_000 },
  { what: 'QoS 0, from a pipe', qos: 0, messages: 500_000, peerMessages: 500_000, byPipe: true },
  { what: 'QoS 1', qos: 1, messages: 500_000, peerMessages: 60_000 },
  { what: 'QoS 2', qos: 2, messages: 500_000, peerMessages: 60_000 },
]

const narrow: readonly Case[] = [
  { what: 'QoS 1', qos: 1, messages: 100_000, peerMessages: 60_000 },
  { what: 'QoS 2', qos: 2, messages: 100_000, peerMessages: 60_000 },
]

async function comparePublish(bench: Bench, cases: readonly Case[], { inflight, target }: Broker) {
  const { port } = await bench.broker({ inflight })
  const rows: PeerRow[] = []
  for (const each of cases) {
    const contenders = [await ours(bench, port, each), await theirs(bench, port, each)]
    const [first, second] = await alternate(contenders, bench.rounds)
    rows.push({ what: each.what, ours: first!, peer: second!, target })
  }
  return cpuSection(rows)
}

async function ours(bench: Bench, port: number, { qos, messages: promised, byPipe }: Case): Promise<Contender> {
  const messages = bench.messages(promised)
  const input = await bench.workload.lines(messages)
  const command = bench.ours('pub', '-h', '127.0.0.1', '-p', port, '-t', topic, '-q', qos, '-l')
  const run = () => measurePublish({ command, port, messages, input, inputByPipe: byPipe })
  return { name: 'mqtt-cli', messages, run }
}

/** mosquitto_pub as it comes, at 3.1.1 and with 20 in flight: `-M 1000` or `-V 5` cost it a fifth more CPU. */
async function theirs(bench: Bench, port: number, each: Case): Promise<Contender> {
  const messages = Math.min(bench.messages(each.messages), each.peerMessages)
  const input = await bench.workload.lines(messages)
  const words = ['-h', '127.0.0.1', '-p', port, '-t', topic, '-q', each.qos, '-l'].map(String)
  const command = ['mosquitto_pub', ...words]
  const run = () => measurePublish({ command, port, messages, input, inputByPipe: each.byPipe })
  return { name: 'mosquitto_pub', messages, run }
}
