import { statSync } from 'node:fs'

const readableByGroupOrOthers = 0o044

/** A warning when a file that holds a secret can be read by other users; nothing where the system has no such modes. */
export function filePermissionsNote(what: string, path: string): string | undefined {
  const status = statSync(path, { throwIfNoEntry: false })
  if (status === undefined || process.platform === 'win32' || !status.isFile()) return undefined
  if ((status.mode & readableByGroupOrOthers) === 0) return undefined
  return `${what} ${path} can be read by others on this machine; chmod 600 keeps it yours`
}
