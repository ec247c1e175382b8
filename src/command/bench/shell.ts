import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Shell, ShellEnd, ShellRun } from '../../features/bench/shell.ts'

/** More of what a command says is counted, and not kept. */
const mostOutputBytes = 4096
/** It may clean up for so long before it is killed. */
const patienceMs = 1000
const lookMs = 10

interface Shells {
  readonly run: Shell
  /** Nothing is left to be killed: the program may go. */
  close(): void
}

/**
 * Runs commands of the user's own, each in a process group of its own: so a Ctrl-C is ours alone, and what a command
 * started ends with it. Also where this program is ended in a hurry nothing stays behind.
 */
export function shells(): Shells {
  const groups = new Set<ShellGroup>()
  const killAll = () => {
    for (const group of groups) group.signal('SIGKILL')
  }
  process.once('exit', killAll)
  return {
    run: (command) => {
      const group = new ShellGroup(command)
      groups.add(group)
      return group
    },
    close: () => process.off('exit', killAll),
  }
}

class ShellGroup implements ShellRun {
  readonly ended: Promise<ShellEnd>
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly #chunks: Buffer[] = []
  #bytes = 0
  /** Nobody was left in the group when its leader ended: its number may be somebody else's by now. */
  #isGone = false

  constructor(command: string) {
    this.#child = spawn(command, { shell: true, detached: hasGroups(), stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child.stdout.on('data', (chunk: Buffer) => this.#said(chunk))
    this.#child.stderr.on('data', (chunk: Buffer) => this.#said(chunk))
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#said(Buffer.from(String(error.message)))
        this.#isGone = true
        resolve({ exitCode: null, signal: null })
      })
      this.#child.once('exit', (exitCode, signal) => {
        this.#isGone = !this.signal(0)
        resolve({ exitCode, signal })
      })
    })
  }

  get output() {
    return { text: Buffer.concat(this.#chunks).toString(), bytes: this.#bytes }
  }

  async kill(): Promise<boolean> {
    const wasThere = this.signal('SIGTERM')
    for (let waited = 0; wasThere && waited < patienceMs && this.signal(0); waited += lookMs) {
      await new Promise((resolve) => setTimeout(resolve, lookMs))
    }
    this.signal('SIGKILL')
    this.#child.stdout.destroy() // what left the group may hold the other end for ever
    this.#child.stderr.destroy()
    return wasThere
  }

  /** To the whole group. False where nobody is in it. */
  signal(signal: NodeJS.Signals | 0): boolean {
    const { pid } = this.#child
    if (pid === undefined || this.#isGone) return false
    try {
      process.kill(hasGroups() ? -pid : pid, signal)
      return true
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM' // it is there, and somebody else's
    }
  }

  #said(chunk: Buffer): void {
    const room = mostOutputBytes - Math.min(this.#bytes, mostOutputBytes)
    if (room > 0) this.#chunks.push(chunk.subarray(0, room))
    this.#bytes += chunk.length
  }
}

function hasGroups(): boolean {
  return process.platform !== 'win32'
}
