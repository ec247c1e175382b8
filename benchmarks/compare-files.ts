import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Throws with what differs, as cmp says it. */
export async function compareFiles(file: string, expected: string): Promise<void> {
  await promisify(execFile)('cmp', [file, expected]).catch(({ stdout, stderr }) => {
    throw new Error(`what was printed is not what was sent: ${stdout}${stderr}`)
  })
}
