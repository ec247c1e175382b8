import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { topic } from '../workload.ts'
import { connectionsOn, cpuNsOf } from './process-cpu.ts'
import type { ProxiedBroker } from './proxied-brokers.ts'

export interface PublishRun {
  readonly perSecond: number
  /** Microseconds of CPU a message: of all that have a part in it, and of the proxy. */
  readonly allMicroseconds: number
  readonly proxyMicroseconds: number
}

interface Publishing {
  readonly broker: ProxiedBroker
  /** Where mosquitto_pub goes: to the broker, or to a proxy, which is this process. */
  readonly way: { readonly port: number; readonly pid?: number }
  readonly qos: number
  readonly input: string
  readonly messages: number
}

const runLimitMs = 60_000
const lookAgainMs = 5
/** A broker that runs for less than this share of the time is not at work for us. */
const atWorkShare = 0.1
/** It has read everything, or something else has kept it: the time goes on if it works again. */
const idleMs = 100

/** mosquitto_pub with a file of lines, until the broker has done its work on the last one. */
export async function publishThrough({ broker, way, qos, input, messages }: Publishing): Promise<PublishRun> {
  const connectionsBefore = connectionsOn(broker.port)
  const [brokerBefore, proxyBefore] = [cpuNsOf(broker.pid), way.pid === undefined ? 0 : cpuNsOf(way.pid)]
  const began = performance.now()
  const client = timedClient(['-p', `${way.port}`, '-t', topic, '-q', `${qos}`, '-l', ...broker.words], input)
  const isOver = () => client.isOver() && connectionsOn(broker.port) <= connectionsBefore
  const ended = await lastWorkOf(broker.pid, isOver, client.leave)
  const clientNs = await client.cpuNs
  const proxyNs = way.pid === undefined ? 0 : cpuNsOf(way.pid) - proxyBefore
  const allNs = clientNs + proxyNs + cpuNsOf(broker.pid) - brokerBefore
  return {
    perSecond: messages / ((ended - began) / 1000),
    allMicroseconds: allNs / 1000 / messages,
    proxyMicroseconds: proxyNs / 1000 / messages,
  }
}

/** When it last worked. mosquitto_pub looks only every 100 ms whether all is acknowledged: its own end says little. */
async function lastWorkOf(pid: number, isOver: () => boolean, whenIdle: () => void): Promise<number> {
  const deadline = performance.now() + runLimitMs
  let last = performance.now()
  let [ran, at] = [cpuNsOf(pid), last]
  while (!isOver()) {
    if (performance.now() > deadline) throw new Error('the broker has not read everything in time')
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
    const [ranNow, now] = [cpuNsOf(pid), performance.now()]
    if (ranNow - ran > (now - at) * 1e6 * atWorkShare) last = now
    else if (now - last > idleMs) whenIdle()
    ;[ran, at] = [ranNow, now]
  }
  return last
}

/**
 * Its CPU is what bash's `time` says. It leaves when it is told, since ejabberd throws away what it has not read when the
 * client leaves.
 */
function timedClient(words: readonly string[], input: string) {
  const script = 'TIMEFORMAT="%3U %3S"; { cat "$0"; cat; } | { time mosquitto_pub "$@"; }'
  const child = spawn('bash', ['-c', script, input, ...words], { stdio: ['pipe', 'ignore', 'pipe'] })
  const said = text(child.stderr)
  const closed = once(child, 'close')
  let over = false
  const cpuNs = closed.then(async ([status]) => {
    over = true
    if (status !== 0) throw new Error(`mosquitto_pub ended with ${status}: ${await said}`)
    const [user = 0, system = 0] = (await said).trim().split(' ').map(Number)
    return (user + system) * 1e9
  })
  return { isOver: () => over, leave: () => void child.stdin.end(), cpuNs }
}
