import { helpText } from '../../src/command/help-text.ts'
import type { DeclaredCommand } from './commands.ts'

/** Of every page of help the line that says how the command is called, and the groups in their order. */
export async function helpLines(root: string, commands: readonly DeclaredCommand[]): Promise<readonly string[]> {
  const pages = [undefined, ...commands.map(({ id }) => id)].map(async (id) => {
    const lines = (await helpText(root, id)).split('\n')
    const usage = lines.find((line) => line.startsWith('  $ '))?.trim() ?? ''
    const groups = lines.filter((line) => /^[A-Z0-9 ]+$/.test(line) && line !== 'USAGE')
    return [usage, ...groups.map((group) => `  ${group}`), '']
  })
  return (await Promise.all(pages)).flat()
}
