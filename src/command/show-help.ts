import type { Terminal } from './terminal.ts'

/** oclif writes the help, from the manifest; it is loaded only for that. */
export async function showHelp(terminal: Terminal, root: string, id: string | undefined): Promise<void> {
  const { helpText } = await import('./help-text.ts')
  terminal.writeOut(await helpText(root, id))
}
