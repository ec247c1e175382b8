import { spawnSync } from 'node:child_process'
import { cpus, totalmem, type } from 'node:os'

/** What the figures were measured on: without it they say nothing. */
export function describeMachine(): string {
  const [first] = cpus()
  const memoryGb = Math.round(totalmem() / 1024 ** 3)
  const system = `${type()} ${firstLine('uname', ['-r'])}`
  return [
    `${cpus().length} × ${first?.model ?? 'unknown processor'}, ${memoryGb} GB, ${system}`,
    `Node ${process.version}, ${firstLine('mosquitto', ['-h'])}, ${firstLine('mosquitto_pub', ['--help'])}`,
  ].join('; ')
}

function firstLine(command: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  return (
    `${stdout ?? ''}${stderr ?? ''}`
      .split('\n')
      .find((line) => /\d/.test(line))
      ?.trim() ?? `${command}: not there`
  )
}
