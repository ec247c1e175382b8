import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { benchJson, mustAgree } from '../bench-json.ts'
import type { Comparison } from '../comparison.ts'
import { type LoadRow, loadSection } from '../load-section.ts'
import { type LoadPlace, type LoadWay, withSource } from '../load-sides.ts'
import { measureProcess } from '../measured-process.ts'
import { alternate, type Contender } from '../rounds.ts'

const promised = 5_000_000
const peersPromised = 500_000
const target = { atMost: 0.5, stretch: 0.3 }

/** `bench sub` from a source that never waits: every stamp read, matched and its time recorded. */
export const benchSub: Comparison = {
  name: 'bench-sub',
  run: async (bench) => loadSection([await benchSubRow(bench, 'tcp')]),
}

export async function benchSubRow(bench: Bench, way: LoadWay): Promise<LoadRow> {
  const script = join(import.meta.dirname, '..', 'processes', 'mqttjs-subscribe.js')
  const peers = bench.messages(peersPromised)
  const mosquitto = fromSource(bench, way, 'mosquitto_sub', peers, ({ mosquittos }) => [
    ...['mosquitto_sub', ...mosquittos, '-t', 'bench/0', '-C', String(peers)],
  ])
  const mqttJs = fromSource(bench, way, 'MQTT.js in a script', peers, ({ port }) => [
    ...[process.execPath, script, port, String(peers)],
  ])
  const contenders = [ours(bench, way), mosquitto, ...(way === 'tcp' ? [mqttJs] : [])]
  return { what: 'QoS 0', results: await alternate(contenders, bench.rounds), target }
}

function ours(bench: Bench, way: LoadWay): Contender {
  const messages = bench.messages(promised)
  const file = join(bench.workload.folder, 'bench.json')
  const run = () =>
    withSource(bench, way, messages, async (place) => {
      const words = ['bench', 'sub', ...place.ours, '--messages', messages, '--json']
      const use = await measureProcess({ command: bench.ours(...words), output: { file } })
      const { arrivals, response } = benchJson(file)
      mustAgree('bench sub', { messages, received: arrivals?.received, timed: response?.count })
      return use
    })
  return { name: '`bench sub`, every payload matched and timed', messages, run }
}

function fromSource(
  bench: Bench,
  way: LoadWay,
  name: string,
  messages: number,
  command: (place: LoadPlace) => readonly string[],
): Contender {
  const run = () => withSource(bench, way, messages, (place) => measureProcess({ command: command(place) }))
  return { name, messages, run }
}
