import type { demoFlags } from '../flags/demo.ts'
import type { FlagValues } from '../flags/flag.ts'
import { usageError } from '../usage-error.ts'
import { integer } from '../values/integer.ts'
import { type Input, read } from './input.ts'
import { type Reporting, reporting } from './output.ts'

export interface DemoCommandSettings extends Reporting {
  /** 0 takes a free one. */
  readonly brokerPort: number
  /** Where the clients connect, if not to the broker's own port. */
  readonly throughPort?: number
  readonly program: string
}

type DemoInput = Input<FlagValues<typeof demoFlags>>

export function demoSettingsFrom(given: DemoInput): DemoCommandSettings {
  const input: DemoInput = { ...given, environmentOwner: 'demo' }
  if (input.words.length > 0) {
    throw usageError(`demo takes no words: ${JSON.stringify(input.words[0])}`, '--help lists the options')
  }
  const throughPort = read(input, 'through', portNumber)
  return {
    brokerPort: read(input, 'port', portNumber) ?? 0,
    ...(throughPort !== undefined && { throughPort }),
    program: input.flags.program ?? 'mqtt-cli',
    ...reporting(input),
  }
}

function portNumber(text: string, saidAs: string): number {
  return integer(text, saidAs, { minimum: 1, maximum: 65_535 })
}
