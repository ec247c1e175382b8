import { type FileHandle, lstat, open, readlink, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/**
 * Writes a file that is finished when it is written: beside its place first, then into it, so that nobody finds half a
 * report there, and a full disk leaves the last one as it was. Links are followed. What is no regular file (a FIFO, a
 * device, /dev/stdout) is written where it is, and so is a file that must keep an owner or other names we cannot give.
 */
export async function writeFinishedFile(path: string, text: string): Promise<void> {
  const place = await linkedPlace(path)
  if (isOfSystem(place)) return writeInPlace(place, text)
  const earlier = await stat(place).catch(() => undefined)
  if (earlier !== undefined && !(earlier.isFile() && earlier.nlink === 1)) return writeFile(place, text)
  const beside = join(dirname(place), `.${basename(place)}.${process.pid}.part`)
  const draft = await openDraft(beside, earlier)
  if (draft === undefined) return writeFile(place, text)
  try {
    await fill(draft, text)
    await rename(beside, place)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

/** For what somebody may follow while it grows, and for devices. stdout may be a file with our result in it: behind that. */
export async function writeInPlace(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: isOfSystem(path) ? 'a' : 'w' })
}

function isOfSystem(path: string): boolean {
  return /^\/(dev|proc)\//.test(path)
}

const mostLinks = 40

/** Where the last link leads, also when nothing is there yet. */
async function linkedPlace(path: string): Promise<string> {
  let place = resolve(path)
  for (let links = 0; links < mostLinks && !isOfSystem(place); links++) {
    const isLink = await lstat(place).then(
      (status) => status.isSymbolicLink(),
      () => false,
    )
    if (!isLink) return place
    place = resolve(dirname(place), await readlink(place))
  }
  return place
}

type Earlier = { readonly mode: number; readonly uid: number; readonly gid: number }

/** With the mode and the owner of the file that it takes the place of; undefined where that cannot be. */
async function openDraft(beside: string, earlier: Earlier | undefined): Promise<FileHandle | undefined> {
  const draft = await open(beside, 'wx').catch(() => undefined)
  if (draft === undefined || earlier === undefined) return draft
  try {
    const { uid, gid } = await draft.stat()
    if (uid !== earlier.uid || gid !== earlier.gid) await draft.chown(earlier.uid, earlier.gid)
    await draft.chmod(earlier.mode & 0o7777)
    return draft
  } catch {
    await draft.close()
    await rm(beside, { force: true })
    return undefined
  }
}

async function fill(draft: FileHandle, text: string): Promise<void> {
  try {
    await draft.writeFile(text)
    await draft.sync()
  } finally {
    await draft.close()
  }
}
