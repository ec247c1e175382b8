import { readdirSync, readFileSync } from 'node:fs'

// What /proc knows. Elsewhere nobody is known to be dead, and nobody to have left a group.

/** What ended and was not yet collected is nobody to wait for. */
export function isGroupOfDead(group: number): boolean {
  const members = processIds()
    .flatMap((pid) => statusOf(pid) ?? [])
    .filter((each) => each.group === group)
  return members.length > 0 && members.every(({ state }) => state === 'Z')
}

/** Who was started by us, and by whom we started: the mark is handed on in their environment. */
export function markedProcesses(mark: string): readonly number[] {
  return processIds().filter((pid) => pid !== process.pid && hasInEnvironment(pid, mark))
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

function hasInEnvironment(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark)
  } catch {
    return false // gone in the meantime, or somebody else's
  }
}

function statusOf(pid: number): { readonly state: string; readonly group: number } | undefined {
  try {
    const [state = '', , group] = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
    return { state, group: Number(group) }
  } catch {
    return undefined
  }
}
