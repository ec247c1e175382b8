import type { AdviceFacts } from '../../../advice.ts'
import { MqttCliError } from '../../../errors.ts'
import { topicFilterProblem } from '../../../protocol/topic-filter.ts'
import { type TopicProblem, topicNameProblem } from '../../../protocol/topic-name.ts'
import type { BenchSettings } from '../settings.ts'
import { clientNames, publisherNames } from './client-settings.ts'
import { expandPlaceholders, hasPlaceholder } from './expand-placeholders.ts'

/** MQTT 3.1, CONNECT: "between 1 and 23 characters long". */
const longestIdentifier31 = 23

/**
 * Throws kind 'usage' where patterns make what no client may be called, or no topic: before anything is sent. It shows
 * patterns, never names: a user may come from a file with secrets.
 */
export function refuseImpossibleNames(settings: BenchSettings, runName: string): void {
  refuseIdentifiers(settings, runName)
  refuseSameIdentifiers(settings, runName)
  const { topic, filter, connection, publishers, clients } = settings
  const ofClient = (pattern: string) => (index: number) =>
    expandPlaceholders(pattern, clientNames(clients, index, runName))
  const ofPublisher = (index: number) => expandPlaceholders(topic, publisherNames(settings, index, runName))
  const willTopic = connection.will?.topic ?? ''
  if (holdsNames(topic)) refuseAny('topic', topic, publishers, ofPublisher, (text) => topicNameProblem(text, 5))
  if (holdsNames(willTopic)) {
    refuseAny('will-topic', willTopic, clientCount(settings), ofClient(willTopic), (text) => topicNameProblem(text, 5))
  }
  if (filter === undefined || !holdsNames(filter)) return
  refuseAny('filter', filter, settings.subscribers, ofClient(filter), (text) => topicFilterProblem(text, 5))
}

/** Of numbers and the run nothing can come that a topic may not hold. */
function holdsNames(pattern: string): boolean {
  return hasPlaceholder(pattern, 'cu')
}

function clientCount({ connections, publishers, subscribers, mode }: BenchSettings): number {
  return connections + publishers + subscribers + (mode === 'rpc' ? 1 : 0)
}

function refuseIdentifiers(settings: BenchSettings, runName: string): void {
  if (settings.connection.version !== 3) return
  for (let index = 0; index < clientCount(settings); index++) {
    const { clientId = '' } = clientNames(settings.clients, index, runName)
    const { length } = [...clientId]
    if (length >= 1 && length <= longestIdentifier31) continue
    throw impossible(
      `MQTT 3.1 has client identifiers of 1 to ${longestIdentifier31} characters, and ${length} are asked`,
      {
        tries: [{ try: 'shorter-client-id' }, { try: 'version-of-long-ids' }],
        facts: { pattern: settings.clients.clientId },
      },
    )
  }
}

/** A broker throws out who has an identifier that comes again [MQTT-3.1.4-3]: such clients would only push each other out. */
function refuseSameIdentifiers(settings: BenchSettings, runName: string): void {
  const { clientId: pattern } = settings.clients
  if (hasPlaceholder(pattern, 'i')) return
  const seen = new Set<string>()
  for (let index = 0; index < clientCount(settings); index++) {
    const { clientId = '' } = clientNames(settings.clients, index, runName)
    if (clientId === '') continue // the server makes one [MQTT-3.1.3-6]
    if (!seen.has(clientId)) seen.add(clientId)
    else {
      throw impossible(`Client ${index} has the identifier of another: a broker has one client of each`, {
        wording: { try: 'same-client-id', index },
        tries: [{ try: 'numbered-client-id' }],
        facts: { pattern: pattern.slice(0, 100) },
      })
    }
  }
}

function refuseAny(
  of: AdviceFacts['impossible-name']['of'],
  pattern: string,
  count: number,
  textOf: (index: number) => string,
  problemOf: (text: string) => TopicProblem | undefined,
): void {
  for (let index = 0; index < count; index++) {
    const text = textOf(index)
    const problem = problemOf(text)
    if (problem === undefined) continue
    throw impossible(`The ${of} with the names of client ${index}: ${problem.message}`, {
      wording: { try: 'impossible-name', of, index, problem: problem.message },
      statement: problem.rule,
      tries: [{ try: 'harmless-names' }],
      facts: { pattern: pattern.slice(0, 100) },
    })
  }
}

function impossible(message: string, details: ConstructorParameters<typeof MqttCliError>[2]): MqttCliError {
  return new MqttCliError('usage', message, { layer: 'command line', ...details })
}
