export type ReadText = (path: string) => Promise<string>

/** Bytes that this process may still take: what the machine has free, or what its control group leaves. Infinity where nobody tells. */
export async function availableMemory(read: ReadText): Promise<number> {
  const kilobytes = Number(/^MemAvailable:\s+(\d+) kB/m.exec(await read('/proc/meminfo'))?.[1] ?? Number.NaN)
  const machine = Number.isNaN(kilobytes) ? Number.POSITIVE_INFINITY : kilobytes * 1024
  const groups = (await read('/proc/self/cgroup')).trim().split('\n')
  return Math.min(machine, ...(await Promise.all(groups.map((group) => leftInGroup(group, read)))))
}

/** A line is `number:controllers:path`; without controllers it is version 2. A container sees its own group at the root. */
async function leftInGroup(group: string, read: ReadText): Promise<number> {
  const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(group) ?? []
  const isSecond = controllers === ''
  if (!isSecond && !controllers.split(',').includes('memory')) return Number.POSITIVE_INFINITY
  const [root, limitName, usedName] = isSecond
    ? ['/sys/fs/cgroup', 'memory.max', 'memory.current']
    : ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes', 'memory.usage_in_bytes']
  const folders = foldersUpTo(path).map((folder) => `${root}${folder}`)
  return Math.min(
    ...(await Promise.all(folders.map((folder) => leftIn(`${folder}/${limitName}`, `${folder}/${usedName}`, read)))),
  )
}

/** `/a/b` is bound by its own limit, by that of `/a`, and by that of the root. */
function foldersUpTo(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '')
  return ['', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)]
}

async function leftIn(limitPath: string, usedPath: string, read: ReadText): Promise<number> {
  const [limit, used] = (await Promise.all([read(limitPath), read(usedPath)])).map((text) => text.trim())
  if (limit === undefined || !/^\d+$/.test(limit)) return Number.POSITIVE_INFINITY // `max`, or no such file
  return Math.max(0, Number(limit) - Number(used))
}
