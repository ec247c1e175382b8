import { usageError } from '../../cli/usage-error.ts'
import { escapeForTerminal } from '../../render/escape.ts'

/** Asks before a load goes to a machine that is neither this one nor in a private network. */
export async function askConsent(
  host: string,
  {
    canAsk,
    signal,
    modestLoad,
  }: { readonly canAsk: boolean; readonly signal: AbortSignal; readonly modestLoad: string },
): Promise<void> {
  const what = `${host} is not on this machine or a private network, and this load may harm it`
  if (!canAsk) throw usageError(what, '--yes says that its owner agrees', `a ${modestLoad} needs no agreement`)
  const { default: inquirer } = await import('inquirer')
  const ask = inquirer.createPromptModule({ output: process.stderr, signal })
  const { agreed } = await ask<{ agreed: boolean }>([
    { type: 'confirm', name: 'agreed', message: `${escapeForTerminal(what)}. Does its owner agree?`, default: false },
  ])
  if (!agreed) throw usageError('not agreed: nothing was sent', 'load a broker of your own: mqtt-cli broker')
}
