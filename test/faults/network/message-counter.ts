import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { OutputLines } from '../../support/program/output-lines.ts'

export interface MessageCounter {
  /** How often each payload came to this topic, when all that was published before has come. */
  of(topic: string): Promise<ReadonlyMap<string, number>>
  close(): void
}

/** mosquitto_sub counts, for all of the runs. */
export async function startMessageCounter(port: number): Promise<MessageCounter> {
  const args = [
    '--nodelay',
    '-p',
    String(port),
    '-V',
    '311',
    '-q',
    '2',
    '-F',
    '%t %p',
    '-t',
    'fault10/#',
    '-t',
    'end/#',
  ]
  const sub = spawn('mosquitto_sub', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = new OutputLines(sub.stdout)
  await publish(port, 'end/begun', true)
  await lines.when('end/begun x')
  return {
    of: async (topic) => {
      await publish(port, `end/${topic}`)
      await lines.when(`end/${topic} x`)
      const counts = new Map<string, number>()
      for (const line of lines.all) {
        const [where, payload = ''] = line.split(' ')
        if (where === topic) counts.set(payload, (counts.get(payload) ?? 0) + 1)
      }
      return counts
    },
    close: () => sub.kill(),
  }
}

/** A mark, in order behind whatever the broker has taken before. Retained for a subscriber that may be late. */
async function publish(port: number, topic: string, isRetained = false): Promise<void> {
  const args = ['-p', String(port), '-t', topic, '-m', 'x', '-q', '2', ...(isRetained ? ['-r'] : [])]
  await once(spawn('mosquitto_pub', args, { stdio: 'inherit' }), 'close')
}
