import type { FaultEffect, FaultRule, FaultTarget } from '../../../features/proxy/settings.ts'
import { parseReasonCode } from '../../../protocol/reason-codes/parse-reason-code.ts'
import { usageError } from '../../usage-error.ts'
import { positiveDurationMs } from '../duration.ts'
import { faultTarget } from './fault-target.ts'

/** What may be done to packets, as the options name it. */
export type FaultName = FaultEffect['fault']

/** A rule as far as its words say it; how it is called is for who read them. */
type UnnamedRule = Omit<FaultRule, 'text'>

/** One use of `--delay`, `--drop`, `--duplicate`, `--corrupt`, `--close-after` or `--refuse`: `TARGET[=VALUE]`. */
export function faultRule(name: FaultName, text: string, flag: string): UnnamedRule {
  switch (name) {
    case 'drop':
    case 'duplicate':
      return { target: faultTarget(text, flag), effect: { fault: name } }
    case 'delay':
      return delayRule(text, flag)
    case 'corrupt': {
      const { target, value = 'body' } = withWord(text, ['header', 'body', 'any'], flag)
      return { target, effect: { fault: 'corrupt', place: value } }
    }
    case 'close-after': {
      const { target, value = 'fin' } = withWord(text, ['fin', 'reset'], flag)
      return { target, effect: { fault: 'close-after', by: value } }
    }
    case 'refuse':
      return refuseRule(text, flag)
  }
}

function delayRule(text: string, flag: string): UnnamedRule {
  const equals = text.lastIndexOf('=')
  if (equals === -1)
    throw usageError(`${flag} says what, and not for how long: ${JSON.stringify(text)}`, `${flag} puback=200ms`)
  const delayMs = positiveDurationMs(text.slice(equals + 1), flag)
  return { target: faultTarget(text.slice(0, equals), flag), effect: { fault: 'delay', delayMs } }
}

function withWord<Word extends string>(
  text: string,
  words: readonly Word[],
  flag: string,
): { readonly target: FaultTarget; readonly value?: Word } {
  const equals = text.lastIndexOf('=')
  if (equals === -1) return { target: faultTarget(text, flag) }
  const value = words.find((word) => word === text.slice(equals + 1))
  if (value !== undefined) return { target: faultTarget(text.slice(0, equals), flag), value }
  const isTopic = text.includes(':') && text.indexOf(':') < equals // an equals sign in a topic is just that
  if (isTopic) return { target: faultTarget(text, flag) }
  throw usageError(
    `${flag} does not know ${JSON.stringify(text.slice(equals + 1))}`,
    `after the equals sign: ${words.join(', ')}`,
  )
}

/** Packets that a broker answers, and so can refuse. */
const answered = ['connect', 'publish', 'subscribe', 'unsubscribe']

/** A reason alone is for CONNECT; the share of it may stand behind: `not-authorized@20%`. */
function refuseRule(text: string, flag: string): UnnamedRule {
  const equals = text.lastIndexOf('=')
  const [, alone = '', share = ''] = /^([^@]*)(@.*)?$/.exec(text) ?? []
  const reason = equals === -1 ? alone : text.slice(equals + 1)
  const target = faultTarget(equals === -1 ? `connect${share}` : text.slice(0, equals), flag)
  const [stranger] = target.types.filter((type) => !answered.includes(type))
  if (stranger !== undefined || target.types.length === 0) {
    throw usageError(
      `${flag}: nobody answers ${stranger ?? 'any packet'} with a refusal`,
      `refuse one of ${answered.join(', ')}, or drop it`,
    )
  }
  const reasonCode = parseReasonCode(reason)
  if (reasonCode !== undefined) return { target, effect: { fault: 'refuse', reasonCode } }
  throw usageError(
    `${flag} does not know the reason ${JSON.stringify(reason)}`,
    'give a reason code of a refusal, 0x80 to 0xff, or its name: 0x87, not-authorized, server-busy, quota-exceeded',
  )
}
