import { type Conceal, concealing } from '../protocol/conceal.ts'
import type { ConnectionSettings } from './settings.ts'

/** What a connection tells its peer and nobody else. */
type Told = Pick<ConnectionSettings, 'target'> & Partial<Pick<ConnectionSettings, 'password' | 'properties'>>

/** For what the peer of this connection says in errors and notes. Made when it says something, which is seldom. */
export function peerWords(told: Told): Conceal {
  return (words) => concealing(secretsOf(told))(words)
}

function secretsOf({ target, password, properties }: Told): readonly string[] {
  const bytes = [password, properties?.authenticationData].filter((each) => each !== undefined)
  const headers = 'headers' in target ? Object.values(target.headers) : []
  return [...bytes.map((each) => Buffer.from(each).toString()), ...headers.flatMap(headerSecrets)]
}

/** `Bearer TOKEN`, and the token alone. */
function headerSecrets(value: string): readonly string[] {
  return [value, value.split(' ').at(-1) ?? value]
}
