import type { FaultShare, FaultTarget } from '../../../features/proxy/settings.ts'
import type { PacketType, Sender } from '../../../protocol/wire/packet.ts'
import { usageError } from '../../usage-error.ts'
import { topicFilter } from '../topic.ts'

const packetTypes: readonly PacketType[] = [
  ...(['connect', 'connack', 'publish', 'puback', 'pubrec', 'pubrel', 'pubcomp', 'subscribe', 'suback'] as const),
  ...(['unsubscribe', 'unsuback', 'pingreq', 'pingresp', 'disconnect', 'auth'] as const),
]

/** Who sent what goes there. */
const senderTo: Readonly<Record<string, Sender>> = { server: 'client', broker: 'client', client: 'server' }

const wayEnding = />(client|server|broker)$/
const shareEnding = /@([^@/]*)$/

const faultExample = "write it like puback, publish:home/#>server@50% or 'publish,pubrel@3'"

/**
 * Which packets: `TYPE[,TYPE…][:TOPIC-FILTER][>client|server][@PERCENT%|@NTH]`, `any` for every type. Read from its end:
 * a topic filter may hold any of these characters.
 */
export function faultTarget(text: string, flag: string): FaultTarget {
  const { rest: counted, which } = splitShare(text, flag)
  const way = wayEnding.exec(counted)?.[1]
  const rest = way === undefined ? counted : counted.slice(0, counted.length - way.length - 1)
  const colon = rest.indexOf(':')
  const types = typesIn(colon === -1 ? rest : rest.slice(0, colon), flag)
  const topics = colon === -1 ? [] : [topicFilter(rest.slice(colon + 1), flag, 'auto')]
  const sender = way === undefined ? undefined : senderTo[way]
  return { types, topics, ...(sender !== undefined && { sender }), which }
}

function splitShare(text: string, flag: string): { readonly rest: string; readonly which: FaultShare } {
  const [ending, share] = shareEnding.exec(text) ?? []
  if (ending === undefined || share === undefined) return { rest: text, which: { share: 'all' } }
  return { rest: text.slice(0, text.length - ending.length), which: shareOf(share, flag) }
}

function shareOf(text: string, flag: string): FaultShare {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]
  const probability = Number(percent) / 100
  if (percent !== undefined && probability > 0 && probability <= 1) return { share: 'chance', probability }
  const nth = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
  if (nth !== undefined) return { share: 'nth', nth }
  throw usageError(
    `${flag}: ${JSON.stringify(`@${text}`)} says neither how often nor which one`,
    '@10% is one in ten by chance, more than 0 and at most 100%; @3 is the third one of each connection',
  )
}

function typesIn(text: string, flag: string): readonly PacketType[] {
  if (text === 'any') return []
  return text.split(',').map((word) => {
    const type = packetTypes.find((known) => known === word.toLowerCase())
    if (type !== undefined) return type
    if (/[>]/.test(word)) throw usageError(`${flag}: ${JSON.stringify(word)} goes nowhere`, 'write >client or >server')
    throw usageError(
      `${flag} does not know the packet type ${JSON.stringify(word)}`,
      faultExample,
      `or any, or one of ${packetTypes.join(', ')}`,
    )
  })
}
