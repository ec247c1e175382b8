import { usageError } from '../usage-error.ts'

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** `Name: value` or `Name=value`. The value may be a credential, so no error repeats it. */
export function httpHeader(text: string, flag: string): readonly [name: string, value: string] {
  const [, name = '', value = ''] = /^([^:=]*)[:=]\s*(.*)$/s.exec(text) ?? []
  if (token.test(name) && !/[\0\r\n]/.test(value)) return [name, value]
  throw usageError(`${flag} is not an HTTP header (its text is not shown)`, `write it as ${flag} 'Name: value'`)
}
