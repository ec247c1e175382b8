import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { benchJson, mustAgree } from '../bench-json.ts'
import type { Comparison } from '../comparison.ts'
import { loadSection } from '../load-section.ts'
import { measureProcess, type ProcessUse } from '../measured-process.ts'
import { alternate, type Contender } from '../rounds.ts'
import type { Section } from '../section.ts'
import { SideProcess } from '../side-process.ts'

const promised = 5_000_000
const peersPromised = 500_000
const target = { atMost: 0.5, stretch: 0.3 }

/** `bench sub` from a source that never waits: every stamp read, matched and its time recorded. */
export const benchSub: Comparison = {
  name: 'bench-sub',
  async run(bench): Promise<Section> {
    const script = join(import.meta.dirname, '..', 'processes', 'mqttjs-subscribe.js')
    const peers = bench.messages(peersPromised)
    const contenders = [
      ours(bench),
      fromSource('mosquitto_sub', peers, (port) => [
        ...['mosquitto_sub', '-h', '127.0.0.1', '-p', port, '-t', 'bench/0', '-C', String(peers)],
      ]),
      fromSource('MQTT.js in a script', peers, (port) => [process.execPath, script, port, String(peers)]),
    ]
    return loadSection([{ what: 'QoS 0', results: await alternate(contenders, bench.rounds), target }])
  },
}

function ours(bench: Bench): Contender {
  const messages = bench.messages(promised)
  const file = join(bench.workload.folder, 'bench.json')
  const run = () =>
    withSource(messages, async (port) => {
      const words = ['bench', 'sub', '-h', '127.0.0.1', '-p', port, '--messages', messages, '--json']
      const use = await measureProcess({ command: bench.ours(...words), output: { file } })
      const { arrivals, response } = benchJson(file)
      mustAgree('bench sub', { messages, received: arrivals?.received, timed: response?.count })
      return use
    })
  return { name: '`bench sub`, every payload matched and timed', messages, run }
}

function fromSource(name: string, messages: number, command: (port: string) => readonly string[]): Contender {
  const run = () => withSource(messages, (port) => measureProcess({ command: command(port) }))
  return { name, messages, run }
}

async function withSource(messages: number, work: (port: string) => Promise<ProcessUse>): Promise<ProcessUse> {
  const source = new SideProcess('stamped-source', [messages])
  try {
    return await work(await source.says('ready', 10))
  } finally {
    await source.stop()
  }
}
