import { highestPublishId, largestDefaultInflight } from '../../../connection/publish/publisher.ts'
import { type BenchSettings, wholeOf } from '../settings.ts'

/** Before the first connection. */
const ownBytes = 80e6
/** Socket, session and what V8 keeps of them: 31 kB with 2,000 of them, less with more. */
const connectionBytes = 31_000
/** Another 76 kB for each of 2,000 subscribers, and 64 KiB for what a publisher has on its way. */
const subscriberBytes = 76_000
const publisherBytes = 64 * 1024
/** State of a packet identifier, of which a window has two for each message. */
const identifierBytes = 33

/** What a run takes of this machine's memory, bytes, as far as it can be told before. Not what the kernel keeps for its sockets. */
export function memoryNeeded(settings: BenchSettings): number {
  const { connections, publishers, subscribers } = settings
  const all = connections + publishers + subscribers
  return ownBytes + all * connectionBytes + subscribers * subscriberBytes + publishers * publisherNeeds(settings)
}

/** Unacknowledged messages stay in memory, payload and all; where the payload has a stamp, each publisher has filling of its own. */
function publisherNeeds(settings: BenchSettings): number {
  const { qos, connection, payload, end } = settings
  const [, largest] = settings.payloadBytes
  const { publishers } = wholeOf(settings)
  const filling = payload === undefined ? largest : 0
  if (qos === 0) return publisherBytes + filling
  const window = connection.inflightMaximum ?? largestDefaultInflight
  const messages = end.by === 'messages' ? Math.ceil(end.count / Math.max(1, publishers)) : window
  const identifiers = Math.min(highestPublishId, 2 * window)
  return publisherBytes + filling + identifiers * identifierBytes + Math.min(window, messages) * largest
}
