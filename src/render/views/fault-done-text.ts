import type { FaultDone } from '../../features/proxy/events.ts'
import type { FaultCount } from '../../features/proxy/faults/fault-counter.ts'
import { describeReason } from '../../protocol/reason-codes.ts'
import type { PacketType } from '../../protocol/wire/packet.ts'
import { escapeForTerminal } from '../escape.ts'
import type { Theme } from '../theme.ts'
import { tableLines } from './table-lines.ts'

/** The answer that carries the refusal of a packet. */
const answers: Partial<Record<PacketType, PacketType>> = {
  connect: 'connack',
  publish: 'puback',
  subscribe: 'suback',
  unsubscribe: 'unsuback',
}

/** `fault: PUBACK mid=7 delayed by 200 ms`. */
export function faultText({ effect, packet, packetId, offset }: FaultDone): string {
  const name = packet?.toUpperCase() ?? 'bytes'
  const mid = packetId === undefined ? '' : ` mid=${packetId}`
  const what = `fault: ${name}${mid}`
  switch (effect.fault) {
    case 'delay':
      return `${what} delayed by ${effect.delayMs} ms`
    case 'drop':
      return `${what} dropped`
    case 'duplicate':
      return `${what} sent twice`
    case 'corrupt':
      return `${what} corrupted at byte ${offset}`
    case 'close-after':
      return `${what}, then ${effect.by === 'reset' ? 'reset' : 'closed'}`
    case 'refuse':
      return `${what} refused: ${describeReason(answers[packet ?? 'connect'] ?? 'puback', 5, effect.reasonCode)}`
  }
}

/** What became of each rule, at the end. */
export function faultTable(faults: readonly FaultCount[], theme: Theme): string {
  const rows = faults.map(({ rule, matched, done }) => [escapeForTerminal(rule), `${matched}`, `${done}`])
  const table = tableLines([['rule', 'matched', 'done'], ...rows], new Set([1, 2]))
  return ['', theme.heading('Faults'), ...table.map((line) => `  ${line}`)].join('\n')
}
