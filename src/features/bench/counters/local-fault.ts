import type { Advice } from '../../../advice.ts'
import { MqttCliError } from '../../../errors.ts'
import type { Reasons } from '../events.ts'

/** What to change on this machine, by errno: none of it is the broker's. */
const tries: Readonly<Record<string, Advice>> = {
  EMFILE: 'raise the limit of open files: ulimit -n',
  ENFILE: 'raise the limit of open files of the whole machine: fs.file-max',
  EADDRNOTAVAIL: { try: 'more-addresses' },
  EADDRINUSE: { try: 'more-addresses' },
  ENOBUFS: 'fewer clients: the kernel has no memory for more sockets',
  ENOMEM: 'fewer clients: this machine has no memory for more',
  ENOENT: 'check the path, and that the broker listens on a unix socket there',
  ENOTSOCK: 'check the path: the file there is no socket',
  EACCES: 'check the permissions of the socket and of its folder',
}

/** The errno for which this machine, and not the broker, made no connection. */
export function localFault(error: unknown): string | undefined {
  const code = error instanceof MqttCliError ? error.details.facts?.code : (error as NodeJS.ErrnoException)?.code
  return typeof code === 'string' && Object.hasOwn(tries, code) ? code : undefined
}

/** Kind 'local-io' for connections that this machine did not make. */
export function localFaultError(faults: Reasons, attempted: number): MqttCliError {
  const codes = Object.keys(faults)
  const total = Object.values(faults).reduce((sum, each) => sum + each, 0)
  const said = Object.entries(faults).map(([code, count]) => `${count} × ${code}`)
  return new MqttCliError(
    'local-io',
    `This machine did not make ${total} of ${attempted} connections: ${said.join(', ')}`,
    { layer: 'this machine', tries: codes.flatMap((code) => tries[code] ?? []), facts: { faults } },
  )
}
