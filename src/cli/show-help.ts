import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** oclif writes the help, from the manifest; it is loaded only for that. */
export async function showHelp(root: string, id: string): Promise<void> {
  const { run } = await import('@oclif/core/run')
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  await run([...id.split(':'), '--help'], { root, pjson })
}
