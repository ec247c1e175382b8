import type { Disturbance } from '../../../features/bench/settings.ts'
import { usageError } from '../../usage-error.ts'
import { durationMs } from '../duration.ts'

/** `CMD@30s`: a shell command, and when to run it. The last `@` counts: a command may have others. */
export function disturbance(text: string, flag: string): Disturbance {
  const [, command = '', at = ''] = /^(.*)@([^@]*)$/s.exec(text) ?? []
  if (command.trim() === '' || at === '') {
    throw usageError(
      `${flag}: ${JSON.stringify(text)} does not say what to do and when`,
      "write a shell command, @, and a time of what is measured: 'kill -9 4711@30s'",
    )
  }
  return { command: command.trim(), atMs: durationMs(at.trim(), flag) }
}
