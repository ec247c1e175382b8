import { access, constants } from 'node:fs/promises'
import { MqttCliError } from '../../../errors.ts'
import { clientSettings } from '../naming/client-settings.ts'
import { type BenchSettings, wholeOf } from '../settings.ts'

type FileSettings = Pick<
  BenchSettings,
  'connection' | 'clients' | 'connections' | 'publishers' | 'subscribers' | 'mode' | 'part'
>

/** A certificate for each client: the first that is not there is named, before thousands connect and one cannot. */
export async function certificateRefusal(settings: FileSettings, runName: string): Promise<MqttCliError | undefined> {
  const { certFile = '', keyFile = '' } = settings.connection.tls
  if (!certFile.includes('%') && !keyFile.includes('%')) return undefined // said when it is read, as everywhere
  const paths = new Map<string, number>()
  for (const number of clientNumbers(settings)) {
    const { tls } = clientSettings(settings.connection, settings.clients, number, runName)
    for (const path of [tls.certFile, tls.keyFile]) if (path !== undefined && !paths.has(path)) paths.set(path, number)
  }
  const missing: (readonly [path: string, number: number])[] = []
  for (const [path, number] of paths) if (!(await canBeRead(path))) missing.push([path, number])
  const [first] = missing
  if (first === undefined) return undefined
  const more = missing.length === 1 ? '' : `, nor ${missing.length - 1} others`
  return new MqttCliError('local-io', `${first[0]}, for client ${first[1]}, cannot be read${more}`, {
    layer: 'TLS',
    tries: ['check the path, its places, and that you may read it', 'clients are numbered from 0, subscribers first'],
    facts: { path: first[0] },
  })
}

/** By which clients are called: subscribers first, then publishers. */
function* clientNumbers(settings: FileSettings): Generator<number> {
  const { part, connections, publishers, subscribers, mode } = settings
  const whole = wholeOf(settings)
  const all = (count: number) => Array.from({ length: count }, (_, number) => number)
  yield* part?.connections.numbers ?? all(connections)
  yield* part?.subscribers.numbers ?? all(subscribers)
  for (const number of part?.publishers.numbers ?? all(publishers)) yield whole.subscribers + number
  if (mode === 'rpc') yield whole.subscribers + whole.publishers
}

function canBeRead(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}
