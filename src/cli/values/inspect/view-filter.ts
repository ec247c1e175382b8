import type { PacketType, Sender } from '../../../protocol/wire/packet.ts'
import { usageError } from '../../usage-error.ts'
import { integer } from '../integer.ts'
import { topicFilter } from '../topic.ts'

/** What `--filter` lets through, sorted by kind. */
export interface ViewFilter {
  readonly types: readonly PacketType[]
  readonly senders: readonly Sender[]
  readonly topics: readonly string[]
  readonly packetIds: readonly number[]
  readonly clientIds: readonly string[]
}

type Draft = { [Kind in keyof ViewFilter]: ViewFilter[Kind][number][] }

const packetTypes = new Set<string>([
  ...['connect', 'connack', 'publish', 'puback', 'pubrec', 'pubrel', 'pubcomp', 'subscribe', 'suback'],
  ...['unsubscribe', 'unsuback', 'pingreq', 'pingresp', 'disconnect', 'auth'],
])

const senders: ReadonlyMap<string, Sender> = new Map([
  ['client', 'client'],
  ['out', 'client'],
  ['sent', 'client'],
  ['server', 'server'],
  ['broker', 'server'],
  ['in', 'server'],
  ['received', 'server'],
])

/** All uses of `--filter`: of one kind any may match, of several kinds each must. */
export function viewFilter(uses: readonly string[]): ViewFilter {
  const draft: Draft = { types: [], senders: [], topics: [], packetIds: [], clientIds: [] }
  for (const use of uses) addUse(draft, use)
  return draft
}

function addUse(draft: Draft, use: string): void {
  const equals = use.indexOf('=')
  const kind = equals === -1 ? 'type' : use.slice(0, equals)
  const value = use.slice(equals + 1)
  switch (kind) {
    case 'type':
    case 'from':
    case 'direction':
      addWords(draft, value)
      break
    case 'topic':
      draft.topics.push(topicFilter(value, '--filter topic', 'auto'))
      break
    case 'mid':
    case 'id':
      draft.packetIds.push(...value.split(',').map(packetId))
      break
    case 'client':
      draft.clientIds.push(value)
      break
    default:
      throw unknown(use)
  }
}

/** `publish`, `in`, `publish,puback`. */
function addWords(draft: Draft, words: string): void {
  for (const word of words.toLowerCase().split(',')) {
    const sender = senders.get(word)
    if (sender !== undefined) draft.senders.push(sender)
    else if (packetTypes.has(word)) draft.types.push(word as PacketType)
    else throw unknown(word)
  }
}

function packetId(text: string): number {
  return integer(text, '--filter mid', { minimum: 1, maximum: 65_535 })
}

function unknown(word: string): Error {
  return usageError(
    `--filter does not know ${JSON.stringify(word)}`,
    'give a packet type (publish), a direction (in, out), topic=FILTER, mid=NUMBER or client=ID',
  )
}
