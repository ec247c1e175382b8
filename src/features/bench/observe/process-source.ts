import { readFile } from 'node:fs/promises'
import { epochMicroseconds } from '../../../connection/clock.ts'
import { MqttCliError } from '../../../errors.ts'
import type { Gap, ObservedSource, Reading } from './observed-source.ts'

/** Linux tells CPU to user space in hundredths of a second, whatever it counts in itself (USER_HZ). */
const microsecondsPerTick = 10_000
/** A wrapper and what it started, and not a whole machine. */
const mostProcesses = 256

interface ProcessStat {
  readonly startTime: string
  readonly cpuTicks: number
  readonly isEnded: boolean
}

/** A process of this machine and its children, as Linux tells of them in /proc. */
export class ProcessSource implements ObservedSource {
  readonly name: string
  readonly #pid: number

  constructor(pid: number) {
    this.#pid = pid
    this.name = `pid:${pid}`
  }

  async open(): Promise<void> {
    const reading = await this.read()
    if (!('gap' in reading)) return
    throw new MqttCliError('local-io', `There is no process ${this.#pid} to observe`, {
      layer: 'this machine',
      tries: ['check the number: pgrep -a mosquitto lists those of mosquitto'],
    })
  }

  async read(): Promise<Reading | Gap> {
    const root = await statOf(this.#pid)
    if (root === undefined || root.isEnded) return { gap: 'the process has ended' }
    let [cpuTicks, memoryBytes] = [root.cpuTicks, await residentBytesOf(this.#pid)]
    for (const child of await descendantsOf(this.#pid)) {
      cpuTicks += (await statOf(child))?.cpuTicks ?? 0
      memoryBytes += await residentBytesOf(child)
    }
    const cpuMicroseconds = cpuTicks * microsecondsPerTick
    return { atMicroseconds: epochMicroseconds(), identity: root.startTime, cpuMicroseconds, memoryBytes }
  }

  async settle(): Promise<void> {}

  async close(): Promise<void> {}
}

/** With the CPU of children that have ended and were waited for: what they used is not lost with them. */
async function statOf(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  if (text === '') return undefined
  const [state = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ') // a name may have blanks and parentheses
  const ticks = [10, 11, 12, 13].map((index) => Number(fields[index])) // utime, stime, cutime, cstime: proc(5)
  return {
    startTime: fields[18] ?? '',
    cpuTicks: ticks.reduce((sum, each) => sum + each, 0),
    isEnded: state === 'Z' || state === 'X',
  }
}

async function residentBytesOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024
}

/** A wrapper's broker is its child. Of children of threads that are not the first nobody asks: it would take a read for each thread. */
async function descendantsOf(pid: number): Promise<number[]> {
  const found: number[] = []
  for (let next: number | undefined = pid, at = 0; next !== undefined; next = found[at++]) {
    const text = await readFile(`/proc/${next}/task/${next}/children`, 'utf8').catch(() => '')
    found.push(
      ...text
        .split(' ')
        .filter((each) => each.trim() !== '')
        .map(Number),
    )
    if (found.length > mostProcesses) return found.slice(0, mostProcesses)
  }
  return found
}
