import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..', 'commands')

/** Command ids by file: commands/inspect/decode.ts is `inspect:decode`, commands/inspect/index.ts is `inspect`. */
export async function commandFiles() {
  const files = await readdir(folder, { recursive: true })
  return files
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => ({
      file,
      id: file
        .slice(0, -'.ts'.length)
        .replaceAll('/', ':')
        .replace(/:index$/, ''),
    }))
}
