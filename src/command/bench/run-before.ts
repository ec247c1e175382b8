import { MqttCliError } from '../../errors.ts'
import { ProcessGroup } from './process-group.ts'

const graceMs = 1000

/** `--before-round`: a command that runs to its end before each run, and fails the duet where it fails. */
export async function runBefore(
  command: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const group = new ProcessGroup(command, environment)
  const stop = () => void group.stop(graceMs)
  signal.addEventListener('abort', stop, { once: true })
  try {
    const { exitCode, signal: by } = await group.ended
    if (signal.aborted || exitCode === 0) return
    const how = exitCode === null ? `by ${by}` : `with exit code ${exitCode}`
    const said = group.lastWords === '' ? '' : `: ${group.lastWords}`
    throw new MqttCliError('local-io', `--before-round ended ${how}${said}`, {
      layer: '--before-round',
      tries: ['try the command in a shell'],
    })
  } finally {
    signal.removeEventListener('abort', stop)
    group.release()
  }
}
