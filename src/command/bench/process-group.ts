import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as waited } from 'node:timers/promises'
import { monotonicMs } from '../../connection/clock.ts'
import { isGroupOfDead, markedProcesses } from './processes.ts'

/** How a command ended. */
export interface CommandEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

const markName = 'MQTT_CLI_STARTED_BY'
const lastWordsBytes = 4096
const lookMs = 20
const killedWithinMs = 1000
/** For what it said last: a daemon that it left behind may hold its pipes for ever. */
const lastWordsMs = 100

/**
 * A command of the user's in a shell, with all that it starts. They are a group of their own, so that a Ctrl-C at the terminal
 * reaches us alone and we end them in our order; and they have a mark in their environment, by which those are found that
 * left the group, as a daemon does.
 */
export class ProcessGroup {
  /** Resolves when the shell is gone; rejects where there is no shell. */
  readonly ended: Promise<CommandEnd>
  end: CommandEnd | undefined
  readonly #child: ChildProcess
  readonly #mark: string
  #lastWords = ''
  readonly #killAtOnce = () => this.#signal('SIGKILL')

  constructor(command: string, environment: Readonly<Record<string, string>> = {}) {
    const mark = randomUUID()
    this.#mark = `${markName}=${mark}`
    this.#child = spawn('/bin/sh', ['-c', command], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment, [markName]: mark },
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on('data', (bytes) => this.#hear(bytes))
    this.ended = this.#whenEnded()
    this.ended.catch(() => {}) // who asks learns it
    process.once('exit', this.#killAtOnce) // a second Ctrl-C leaves nothing behind either
  }

  /** What it said last, for who has to find out why it failed. */
  get lastWords(): string {
    return this.#lastWords.trim().split('\n').slice(-3).join(' | ')
  }

  /** Asks all of them to end, and ends those that do not. */
  async stop(graceMs: number): Promise<void> {
    const deadlineMs = monotonicMs() + graceMs
    this.#signal('SIGTERM')
    while (this.#isThere && monotonicMs() < deadlineMs) await waited(lookMs)
    const killedMs = monotonicMs() + killedWithinMs
    while (this.#isThere && monotonicMs() < killedMs) {
      this.#signal('SIGKILL')
      await waited(lookMs)
    }
    this.release()
  }

  /** Leaves alone whatever of it goes on. */
  release(): void {
    process.off('exit', this.#killAtOnce)
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
  }

  async #whenEnded(): Promise<CommandEnd> {
    const closed = once(this.#child, 'close').catch(() => {})
    const [exitCode, signal] = (await once(this.#child, 'exit')) as [number | null, NodeJS.Signals | null]
    await Promise.race([closed, waited(lastWordsMs)])
    this.end = { exitCode, signal }
    return this.end
  }

  #hear(bytes: Buffer): void {
    this.#lastWords = (this.#lastWords + bytes.toString()).slice(-lastWordsBytes)
  }

  get #isThere(): boolean {
    return this.#members.length > 0
  }

  #signal(signal: NodeJS.Signals): void {
    for (const pid of this.#members) kill(pid, signal)
  }

  /** The group, by its negative number, and who left it. */
  get #members(): readonly number[] {
    const { pid } = this.#child
    if (pid === undefined) return []
    const group = kill(-pid, 0) && !isGroupOfDead(pid) ? [-pid] : []
    return [...group, ...markedProcesses(this.#mark)]
  }
}

function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
