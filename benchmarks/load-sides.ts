import { writeCertificates } from '../test/support/transports/certificates.ts'
import type { Bench } from './bench.ts'
import { SideProcess } from './side-process.ts'

export type LoadWay = 'tcp' | 'tls'

/** Where the other side listens, as each kind of client is told. */
export interface LoadPlace {
  readonly port: string
  readonly ours: readonly string[]
  readonly mosquittos: readonly string[]
}

/** How many messages came of the next client that has gone. */
export type Counted = () => Promise<number>

/** Works against a server that counts, answers, and costs next to nothing. */
export async function withSink<T>(
  bench: Bench,
  way: LoadWay,
  work: (place: LoadPlace, counted: Counted) => Promise<T>,
): Promise<T> {
  const identity = identityOver(bench, way)
  const sink = new SideProcess('sink', identity.files)
  try {
    const place = placeOf(await sink.says('ready', 10), identity.trust)
    return await work(place, async () => Number((await sink.says('counted', 20)).split(' ')[0]))
  } finally {
    await sink.stop()
  }
}

/** Works against a server that sends so many stamped messages as fast as they are read. */
export async function withSource<T>(
  bench: Bench,
  way: LoadWay,
  messages: number,
  work: (place: LoadPlace) => Promise<T>,
): Promise<T> {
  const identity = identityOver(bench, way)
  const source = new SideProcess('stamped-source', [messages, ...identity.files])
  try {
    return await work(placeOf(await source.says('ready', 10), identity.trust))
  } finally {
    await source.stop()
  }
}

function identityOver(bench: Bench, way: LoadWay) {
  if (way === 'tcp') return { files: [], trust: [] }
  const { caFile, certFile, keyFile } = writeCertificates(bench.workload.folder)
  return { files: [certFile('server'), keyFile('server')], trust: ['--cafile', caFile] }
}

function placeOf(port: string, trust: readonly string[]): LoadPlace {
  const host = trust.length === 0 ? '127.0.0.1' : 'localhost' // as the certificate has it
  const scheme = trust.length === 0 ? 'mqtt' : 'mqtts'
  return {
    port,
    ours: ['-L', `${scheme}://${host}:${port}`, ...trust],
    mosquittos: ['-h', host, '-p', port, ...trust],
  }
}
