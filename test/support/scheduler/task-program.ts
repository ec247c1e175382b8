import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const root = join(import.meta.dirname, '..', '..', '..')
const lookAgainMs = 20
const limitMs = 30_000

/** `mqtt-cli` on the PATH of tasks, as an administrator installs it, and which process each of them is. */
export interface TaskProgram {
  readonly path: string
  /** The process of the task with this number, once it runs. */
  pidOf(task: number): Promise<number>
}

/** A script that leaves its process to the built program. */
export function taskProgram(folder: string): TaskProgram {
  const binaries = join(folder, 'bin')
  mkdirSync(binaries)
  const program = join(binaries, 'mqtt-cli')
  const run = `exec '${process.execPath}' '${join(root, 'bin', 'run.js')}' "$@"`
  writeFileSync(program, `#!/bin/sh\necho $$ >'${folder}'/pid-"$SLURM_PROCID"\n${run}\n`)
  chmodSync(program, 0o755)
  return {
    path: `${binaries}${delimiter}${process.env.PATH}`,
    async pidOf(task) {
      const deadline = performance.now() + limitMs
      const file = join(folder, `pid-${task}`)
      while (!existsSync(file) || readFileSync(file, 'utf8').trim() === '') {
        if (performance.now() > deadline) throw new Error(`task ${task} does not begin`)
        await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
      }
      return Number(readFileSync(file, 'utf8'))
    },
  }
}
