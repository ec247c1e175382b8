import { platform } from 'node:os'
import type { Observation } from '../../../features/bench/settings.ts'
import { usageError } from '../../usage-error.ts'

/** `pid:4711`, `url:http://host:port/metrics`, `sys`. */
export function observation(text: string, flag: string, onPlatform: string = platform()): Observation {
  const [, kind = '', rest = ''] = /^(pid|url|sys)(?::(.*))?$/s.exec(text) ?? []
  if (kind === 'pid') return process(rest, flag, onPlatform)
  if (kind === 'url') return endpoint(rest, flag)
  if (kind === 'sys' && rest === '') return { from: 'sys' }
  throw usageError(
    `${flag} knows no such source: ${JSON.stringify(text.replace(/\/\/[^/]*@/, '//***@'))}`,
    'give pid:4711 (a process of this machine), url:http://host:port/metrics (Prometheus), or sys ($SYS of the broker)',
  )
}

function process(text: string, flag: string, onPlatform: string): Observation {
  const pid = /^\d{1,10}$/.test(text) ? Number(text) : 0
  if (pid === 0) throw usageError(`${flag}: ${JSON.stringify(text)} is no process number`, 'give one, as pid:4711')
  if (onPlatform === 'linux') return { from: 'pid', pid }
  throw usageError(
    `${flag}: a process is observed by what Linux says in /proc, and this is ${onPlatform}`,
    'use url: with the broker’s Prometheus endpoint, or sys',
  )
}

/** A login goes into a header: it has no place in a result. */
function endpoint(text: string, flag: string): Observation {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw usageError(`${flag}: no http or https URL`, 'give one, as url:http://localhost:9100/metrics')
  }
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  url.username = url.password = ''
  const shown = { from: 'url', url: url.href } as const
  return login === ':' ? shown : { ...shown, authorization: `Basic ${Buffer.from(login).toString('base64')}` }
}
