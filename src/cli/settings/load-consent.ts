import { isIP } from 'node:net'
import type { Target } from '../../connection/settings.ts'
import { type BenchSettings, highestPerSecond } from '../../features/bench/settings.ts'

/** Below this nobody's broker suffers. */
const modestPerSecond = 1000

const privateAddresses = [
  /^127\./,
  /^10\./,
  /^192\.168\./,
  /^172\.(1[6-9]|2\d|3[01])\./,
  /^169\.254\./,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./, // shared by carriers and private networks [RFC 6598]
  /^::1$/,
  /^f[cd][0-9a-f]{2}:/i,
  /^fe[89ab][0-9a-f]:/i,
]
const privateName = /^(localhost|[^.]+|.+\.(localhost|local|lan|internal|home\.arpa|test))$/i

/** Whether a load may be somebody else's broker's trouble, by its size or by what is done beside it: then its owner should have agreed. */
export function needsConsent(
  target: Target,
  { load, disturbances }: Pick<BenchSettings, 'load' | 'disturbances'>,
): boolean {
  if (target.transport === 'unix' || isPrivate(target.host)) return false
  return disturbances.length > 0 || highestPerSecond(load) > modestPerSecond
}

/** All of them, by name. */
export function strangersAmong(
  targets: readonly Target[],
  load: Pick<BenchSettings, 'load' | 'disturbances'>,
): string | undefined {
  const strange = targets.filter((target) => needsConsent(target, load)).map(hostOf)
  return strange.length === 0 ? undefined : [...new Set(strange)].join(', ')
}

function hostOf(target: Target): string {
  return target.transport === 'unix' ? target.path : target.host
}

function isPrivate(host: string): boolean {
  return isIP(host) === 0 ? privateName.test(host) : privateAddresses.some((each) => each.test(host))
}
