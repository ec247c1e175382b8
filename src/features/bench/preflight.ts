import { readFile } from 'node:fs/promises'

/** Descriptors that the process needs beside its connections. */
const ownDescriptors = 40

/** What of this machine a run of so many connections to one address would run out of. Linux tells; elsewhere nobody asks. */
export async function preflightNotes(
  connections: number,
  read: (path: string) => Promise<string> = readText,
): Promise<string[]> {
  const [limits, ports] = await Promise.all([read('/proc/self/limits'), read('/proc/sys/net/ipv4/ip_local_port_range')])
  const descriptors = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)
  const [lowest = 0, highest = Number.POSITIVE_INFINITY] = ports === '' ? [] : ports.trim().split(/\s+/).map(Number)
  const notes: string[] = []
  if (connections + ownDescriptors > descriptors) {
    notes.push(
      `${connections} connections, and this process may open ${descriptors} files and sockets: raise it with ulimit -n`,
    )
  }
  if (connections > highest - lowest + 1) {
    notes.push(
      `${connections} connections, and this machine has ${highest - lowest + 1} local ports for one address: widen net.ipv4.ip_local_port_range`,
    )
  }
  return notes
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
