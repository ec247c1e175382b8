import { closeSync, readFileSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * Whether SIGHUP is to be ignored. Node gives every signal its default back as it starts, so what `nohup` or
 * `trap '' HUP` asked for is lost, and this is what can still be seen of it: nohup leaves no terminal on any of the three
 * streams, and then there is none whose closing could concern us; a parent that ignores the signal wants its children to.
 *
 * Called at the start: a terminal that has hung up is no terminal any more.
 */
export function ignoresHangUp(): () => boolean {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd))
  if (terminals.length === 0) return () => true
  process.prependOnceListener('exit', () => letGoOf(terminals))
  return doesParentIgnore
}

/** Node puts each terminal back into its mode as it exits, and aborts where one has hung up; what is closed it leaves. */
function letGoOf(terminals: readonly number[]): void {
  for (const fd of terminals) {
    if (!isatty(fd)) closeSync(fd)
  }
}

/** SigIgn in /proc: bit 0 is signal 1, which is SIGHUP. Elsewhere than on Linux nobody can tell. */
function doesParentIgnore(): boolean {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${process.ppid}/status`, 'latin1'))?.[1] ?? '0'
    return (Number.parseInt(mask.slice(-1), 16) & 1) === 1
  } catch {
    return false
  }
}
