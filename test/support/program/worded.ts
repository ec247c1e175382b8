import type { Advice, Wording } from '../../../src/advice.ts'
import { benchFlags } from '../../../src/cli/flags/bench.ts'
import { brokerFlags } from '../../../src/cli/flags/broker.ts'
import { proxyFlags } from '../../../src/cli/flags/proxy.ts'
import { pubFlags } from '../../../src/cli/flags/publish.ts'
import { offeredFlags, wordsOf } from '../../../src/command/advice.ts'
import type { MqttCliError } from '../../../src/errors.ts'

const commands = { bench: benchFlags, broker: brokerFlags, proxy: proxyFlags, pub: pubFlags }

/** Advice in the words that a command has for it. */
export function wordingOf(command: keyof typeof commands): Wording {
  const offered = offeredFlags(commands[command])
  return (advice) => wordsOf(advice, offered)
}

/** An error as the command tells it. */
export function worded({ kind, message, details }: MqttCliError, command: keyof typeof commands = 'pub') {
  const word = wordingOf(command)
  const said = (all: readonly Advice[] = []) => all.flatMap((each) => word(each) ?? [])
  const { wording, causes, tries } = details
  return {
    kind,
    message: (wording && word(wording)) ?? message,
    details: { ...details, causes: said(causes), tries: said(tries) },
  }
}
