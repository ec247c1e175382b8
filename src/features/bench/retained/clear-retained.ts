import { Abort } from '../../../connection/abort.ts'
import { epochMicroseconds } from '../../../connection/clock.ts'
import { Publisher } from '../../../connection/publish/publisher.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import { MqttCliError } from '../../../errors.ts'
import { isFailure } from '../../../protocol/reason-code.ts'
import { ConnectTurns } from '../clients/connect-turns.ts'
import { LoadClient } from '../clients/load-client.ts'
import type { RetainedFigures } from '../events.ts'
import { RetainedCheck } from './retained-check.ts'

/** Nothing moved for so long: the broker does not answer. */
const patienceMs = 5000
/** What is kept comes at once, or a moment after PINGRESP. */
const quietMs = 200
const lookMs = 10
const nothing = Buffer.alloc(0)

interface Clearing {
  /** Of a client of its own. */
  readonly settings: ConnectionSettings
  readonly topics: ReadonlySet<string>
  /** What all of them match. */
  readonly filter: string
}

/** Takes back every retained message of a run, by an empty one to each topic, and asks the broker whether they are gone. */
export async function clearRetained({ settings, topics, filter }: Clearing): Promise<RetainedFigures> {
  const stop = new Abort()
  const check = new RetainedCheck(topics)
  let [cleared, refused] = [0, 0]
  try {
    const client = await open(settings, check, stop)
    const settled = (_: number, refusedWith: number | undefined) => {
      if (refusedWith === undefined) cleared++
      else refused++
    }
    await publishEmpty(client, topics, settled, () => cleared + refused)
    const left = await countLeft(client, filter, check)
    await client.leave()
    return { topics: topics.size, cleared, refused, left }
  } catch (error) {
    if (!(error instanceof MqttCliError)) throw error
    return { topics: topics.size, cleared, refused, left: null }
  } finally {
    stop.abort(new MqttCliError('interrupted', 'The run is over'))
  }
}

function open(settings: ConnectionSettings, sink: RetainedCheck, signal: Abort): Promise<LoadClient> {
  return LoadClient.open({
    settings: { ...settings, reconnect: { mode: 'never' } },
    listener: { lost: () => {}, back: () => {}, gone: () => {} },
    signal,
    readBuffer: Buffer.allocUnsafeSlow(64 * 1024),
    memory: {},
    turns: new ConnectTurns(),
    bulkReader: undefined,
    sink,
  })
}

/** At QoS 1, so that each is known to have arrived, where the broker has that. */
async function publishEmpty(
  client: LoadClient,
  topics: ReadonlySet<string>,
  settled: (ordinal: number, refusedWith: number | undefined) => void,
  count: () => number,
): Promise<void> {
  let ready = () => {}
  const { link, limits } = client.established
  const qos = limits.maximumQoS === 0 ? 0 : 1
  const hooks = { ready: () => ready(), settled }
  const publisher = new Publisher({ topic: 'bench', qos, retain: true, properties: {} }, undefined, hooks)
  client.publishWith(publisher)
  for (const topic of topics) {
    publisher.topic = topic
    while (publisher.publish(nothing, 0, 0, 0) === 'wait') {
      publisher.flush()
      await within(link.ended, new Promise<void>((resolve) => (ready = resolve)))
    }
    if (qos === 0) settled(0, undefined)
  }
  publisher.flush()
  for (let [known, sinceMicroseconds] = [-1, 0]; count() < topics.size; ) {
    const now = epochMicroseconds()
    if (count() !== known) [known, sinceMicroseconds] = [count(), now]
    if (link.end !== undefined || now - sinceMicroseconds > patienceMs * 1000) throw unanswered()
    await pause(lookMs)
  }
}

/** Retained messages are sent to whoever subscribes anew; those of others on the same filter are none of ours. */
async function countLeft({ established: { link } }: LoadClient, filter: string, check: RetainedCheck): Promise<number> {
  const options = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
  const { reasonCodes } = await within(link.ended, link.driver.subscribe([{ filter, ...options }], {}))
  if (reasonCodes.some((code) => isFailure(code))) throw unanswered()
  await within(link.ended, link.ping())
  for (let came = -1; came !== check.came; ) {
    came = check.came
    await pause(quietMs)
  }
  return check.left
}

/** The first of: an answer, the end of the connection, and the end of our patience. */
async function within<Answer>(ended: Promise<unknown>, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unanswered()), patienceMs)
    void ended.then(() => reject(unanswered()))
  })
  answer.catch(() => {}) // it may come too late to be heard
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer))
}

function unanswered(): MqttCliError {
  return new MqttCliError('lost', 'The broker did not answer while retained messages were cleared')
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
