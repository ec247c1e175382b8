import type { ConnectionSettings } from '../../connection/settings.ts'
import { integer } from '../values/integer.ts'
import { type Input, read } from './input.ts'

type Limited = Input<{ readonly 'filters-per-subscribe'?: string }>

/** The connection, with the most topic filters that may stand in one SUBSCRIBE. */
export function withFilterLimit(input: Limited, connection: ConnectionSettings): ConnectionSettings {
  const most = read(input, 'filters-per-subscribe', (text, flag) =>
    integer(text, flag, { minimum: 1, maximum: 65_535 }),
  )
  return most === undefined ? connection : { ...connection, filtersPerSubscribe: most }
}
