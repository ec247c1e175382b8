import type { QoS } from '../../protocol/wire/packet.ts'
import { usageError } from '../usage-error.ts'

export function qos(text: string, flag: string): QoS {
  if (text === '0' || text === '1' || text === '2') return Number(text) as QoS
  throw usageError(
    `${flag} is not a QoS: ${JSON.stringify(text)}`,
    'give 0 (at most once), 1 (at least once) or 2 (exactly once)',
  )
}
