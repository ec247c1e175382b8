import { MqttCliError } from '../../errors.ts'

/** A place that somebody named, and that takes nothing. */
export function notWritten(flag: string, path: string, cause: unknown): MqttCliError {
  const { code } = cause as NodeJS.ErrnoException
  return new MqttCliError('local-io', `${flag} could not be written: ${path} (${code})`, {
    layer: flag,
    tries: ['check the path, the disk, and that you may write there'],
    cause,
  })
}
