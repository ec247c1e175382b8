import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** Without limits, so that a slow counter costs nobody a message. */
export const boundlessQueues = 'max_queued_messages 0\nmax_queued_bytes 0\n'

const endMark = Buffer.from('\nend\n')

/** mosquitto_sub at 3.1.1 counts: at MQTT 5 and QoS 2 it breaks off by itself. */
export class CountingSubscriber {
  readonly #child: ChildProcess
  readonly #chunks: Buffer[] = []
  readonly #ended: Promise<unknown>

  constructor(port: number, qos: 1 | 2, ...more: readonly string[]) {
    const args = ['-p', String(port), '-V', '311', '-q', String(qos), '-t', 'lines', '-t', 'ready', ...more]
    this.#child = spawn('mosquitto_sub', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#ended = once(this.#child, 'close')
  }

  /** Subscribed: a retained message has come, which is not counted. */
  async ready(port: number): Promise<void> {
    await mosquittoPub(port, 'ready', 'ready', '-r')
    await once(this.#child.stdout!, 'data')
    this.#child.stdout!.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
  }

  /** All that came before a last message that is sent now. */
  async everything(port: number): Promise<Buffer> {
    this.#collectFromNow()
    const ended = new Promise<void>((resolve) => {
      const look = (chunk: Buffer) => {
        if (chunk.subarray(-4).toString() === 'end\n') resolve()
      }
      this.#child.stdout!.on('data', look)
    })
    await mosquittoPub(port, 'lines', 'end', '-q', '2')
    await Promise.race([ended, this.#ended])
    this.#child.kill()
    const all = Buffer.concat(this.#chunks)
    if (!all.subarray(-endMark.length).equals(endMark))
      throw new Error(`mosquitto_sub ended early: ${all.length} bytes`)
    return all.subarray(0, 1 - endMark.length)
  }

  #collectFromNow(): void {
    if (this.#child.stdout!.listenerCount('data') > 0) return
    this.#child.stdout!.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
  }
}

/** Makes a session that the broker keeps, and goes away: what is published from now on waits in it. */
export async function leaveSession(port: number, qos: 1 | 2): Promise<void> {
  const args = ['-p', String(port), '-V', '311', '-q', String(qos), '-t', 'lines', '-E', '-c', '-i', 'counter']
  const [code] = await once(spawn('mosquitto_sub', args, { stdio: 'inherit' }), 'close')
  if (code !== 0) throw new Error(`mosquitto_sub ended with ${code}`)
}

/** Takes up that session, and gives all that waited in it. */
export function drainSession(port: number, qos: 1 | 2): Promise<Buffer> {
  return new CountingSubscriber(port, qos, '-c', '-i', 'counter').everything(port)
}

async function mosquittoPub(port: number, topic: string, message: string, ...more: readonly string[]): Promise<void> {
  const args = ['-p', String(port), '-t', topic, '-m', message, ...more]
  const [code] = await once(spawn('mosquitto_pub', args, { stdio: 'inherit' }), 'close')
  if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}`)
}
