import type { FlagValues } from '../flags/flag.ts'
import type { loginFlags } from '../flags/login.ts'
import { usageError } from '../usage-error.ts'
import type { BrokerUrl } from '../values/broker-url.ts'
import { validText } from '../values/valid-text.ts'
import { asked, type Input, isTyped, read } from './input.ts'

type LoginInput = Input<FlagValues<typeof loginFlags> & { readonly url?: string }>

/** Where the password comes from. It is read after every flag was found good: nobody types one for nothing. */
export type PasswordSource =
  | { readonly from: 'text'; readonly text: string }
  | { readonly from: 'prompt' }
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'environment'; readonly name: string }
  | { readonly from: 'command'; readonly command: string }

interface Login {
  readonly username?: string
  readonly passwordSource?: PasswordSource
}

const sources = ['password', 'ask-password', 'password-file', 'password-env', 'password-command'] as const

/** A typed flag, then the login of the URL that was chosen, then the environment. */
export function login(input: LoginInput, url: BrokerUrl | undefined): Login {
  const urlTyped = isTyped(input, 'url')
  const ownName = read(input, 'username', validText)
  const username = isTyped(input, 'username') || !urlTyped ? (ownName ?? url?.username) : (url?.username ?? ownName)
  const passwordSource = passwordFrom(input, url, urlTyped)
  return { ...(username !== undefined && { username }), ...(passwordSource && { passwordSource }) }
}

function passwordFrom(input: LoginInput, url: BrokerUrl | undefined, urlTyped: boolean): PasswordSource | undefined {
  const given = asked(input, sources)
  if (given.length > 1) {
    throw usageError(`${given.map((name) => `--${name}`).join(' and ')} both give a password`, 'give one of them')
  }
  const [name] = given
  const ofUrl = url?.password === undefined ? undefined : ({ from: 'text', text: url.password } as const)
  if (name === undefined || (urlTyped && ofUrl !== undefined && !isTyped(input, name))) return ofUrl
  return passwordSource(name, input.flags)
}

function passwordSource(name: (typeof sources)[number], flags: LoginInput['flags']): PasswordSource {
  if (name === 'password') return { from: 'text', text: flags.password ?? '' }
  if (name === 'password-file') return { from: 'file', path: flags['password-file'] ?? '' }
  if (name === 'password-env') return { from: 'environment', name: flags['password-env'] ?? '' }
  if (name === 'password-command') return { from: 'command', command: flags['password-command'] ?? '' }
  return { from: 'prompt' }
}
