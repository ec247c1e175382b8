import { access, constants, type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** What a line is named after: when its run began, and which one it was. */
interface NamedRun {
  readonly startedAt: string
  readonly runId: string
}

/** Makes the folder where there is none. Throws where nothing can be written into it: to be known before a load. */
export async function prepareResultFolder(folder: string): Promise<void> {
  await makeFolder(resolve(folder))
  await access(`${folder}/.`, constants.W_OK | constants.X_OK) // a file has no such place in it
}

/** One after the other: asked to do it by itself, Node 20 never comes back from a place like /proc. */
async function makeFolder(folder: string): Promise<void> {
  const parent = dirname(folder)
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    )
  if (await isThere(folder)) return
  if (!(await isThere(parent))) await makeFolder(parent)
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error // another one made it in the meantime
  })
}

/**
 * Keeps results in a folder, a line of JSON each. Every writer has a file of its own, so that of two at the same time, on two
 * machines that share the folder too, neither can spoil a line of the other; and what a full disk lets through of a line is
 * taken back, which nobody could do in a file that others append to.
 */
export class ResultWriter {
  readonly #folder: string
  readonly #label: string
  #path: string | undefined
  #writtenBytes = 0

  /** `label`: what tells its file from others of the same run. */
  constructor(folder: string, label = '') {
    this.#folder = folder
    this.#label = label
  }

  /** Where the results are, once there is one. */
  get path(): string | undefined {
    return this.#path
  }

  /** `run`: what its file is named after, where it is the first. */
  async append(result: object, run: NamedRun): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(result)}\n`)
    const { path, handle } = await this.#open(run)
    try {
      await writeWhole(handle, line, this.#writtenBytes)
    } catch (error) {
      await this.#takeBack(path, handle)
      throw error
    } finally {
      await handle.close()
    }
    this.#path = path
    this.#writtenBytes += line.length
  }

  async #open(result: NamedRun): Promise<{ readonly path: string; readonly handle: FileHandle }> {
    if (this.#path !== undefined) return { path: this.#path, handle: await open(this.#path, 'r+') }
    for (let number = 1; ; number += 1) {
      const path = join(this.#folder, fileName(result, this.#label, number))
      const handle = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error
      })
      if (handle !== undefined) return { path, handle }
    }
  }

  async #takeBack(path: string, handle: FileHandle): Promise<void> {
    if (this.#path === undefined) await rm(path, { force: true }).catch(() => {})
    else await handle.truncate(this.#writtenBytes).catch(() => {})
  }
}

/** `2026-01-02T03-04-05-000Z-01020304-a.ndjson`: they lie in the order in which they began. */
function fileName({ startedAt, runId }: NamedRun, label: string, number: number): string {
  const words = [startedAt.replace(/[^\dTZ]/g, '-'), runId, label, number === 1 ? '' : String(number)]
  return `${words.filter((word) => word !== '').join('-')}.ndjson`
}

async function writeWhole(handle: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, at + written)
    written += bytesWritten
  }
  await handle.sync()
}
