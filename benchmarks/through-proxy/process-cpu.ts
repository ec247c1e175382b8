import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Nanoseconds that the threads of a process have run. Those that have ended are not in it. */
export function cpuNsOf(pid: number): number {
  const folder = `/proc/${pid}/task`
  const ran = readdirSync(folder).map((thread) => {
    const [ns] = readOnce(`${folder}/${thread}/schedstat`).split(' ')
    return Number(ns)
  })
  return ran.reduce((sum, ns) => sum + ns, 0)
}

function readOnce(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return '0' // the thread has ended meanwhile
  }
}

/** Whoever listens on this loopback port. */
export function listenerOn(port: number): number {
  const said = execFileSync('ss', ['-ltnpH', `sport = :${port}`], { encoding: 'utf8' })
  const [, pid] = /pid=(\d+)/.exec(said) ?? []
  if (pid === undefined) throw new Error(`nobody listens on ${port}: ${said}`)
  return Number(pid)
}

/** Connections that a server has on its port, whatever their clients have done since. */
export function connectionsOn(port: number): number {
  const listening = '0A'
  const waiting = '06' // over, for whoever closed first
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = readFileSync('/proc/self/net/tcp', 'latin1').split('\n')
  const mine = rows.map((row) => row.trim().split(/\s+/)).filter(([, address = '']) => address.endsWith(local))
  return mine.filter(([, , , state]) => state !== listening && state !== waiting).length
}
