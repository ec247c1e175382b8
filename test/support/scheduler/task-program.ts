import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const root = join(import.meta.dirname, '..', '..', '..')
const lookAgainMs = 20
const limitMs = 30_000

/** `mqtt-cli` on the PATH of tasks, as an administrator installs it, and which process each of them is. */
export interface TaskProgram {
  readonly path: string
  /** The process of the task with this number, once it has written this into a file. */
  pidOnce(task: number, file: string, pattern: RegExp): Promise<number>
}

/** Of tasks that print JSON, the one whose number this variable holds shows its course instead. */
export const shownTask = 'SHOWN_TASK'

/** A script that leaves its process to the built program. */
export function taskProgram(folder: string): TaskProgram {
  const binaries = join(folder, 'bin')
  mkdirSync(binaries)
  const program = join(binaries, 'mqtt-cli')
  const run = `exec '${process.execPath}' '${join(root, 'bin', 'run.js')}' "$@"`
  const asJson = `[ -z "$${shownTask}" ] || [ "$SLURM_PROCID" = "$${shownTask}" ] || set -- "$@" --json`
  writeFileSync(program, ['#!/bin/sh', `echo $$ >'${folder}'/pid-"$SLURM_PROCID"`, asJson, run, ''].join('\n'))
  chmodSync(program, 0o755)
  return {
    path: `${binaries}${delimiter}${process.env.PATH}`,
    async pidOnce(task, file, pattern) {
      const deadline = performance.now() + limitMs
      while (!pattern.test(textOf(file))) {
        if (performance.now() > deadline) throw new Error(`task ${task} does not say ${pattern}: ${textOf(file)}`)
        await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
      }
      return Number(textOf(join(folder, `pid-${task}`)))
    },
  }
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
