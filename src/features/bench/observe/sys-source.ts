import { Abort } from '../../../connection/abort.ts'
import { epochMicroseconds } from '../../../connection/clock.ts'
import type { MessageSink } from '../../../connection/link/receiver.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import { MqttCliError } from '../../../errors.ts'
import { isFailure } from '../../../protocol/reason-code.ts'
import type { PublishView } from '../../../protocol/wire/publish-view.ts'
import { ConnectTurns } from '../clients/connect-turns.ts'
import { LoadClient } from '../clients/load-client.ts'
import type { Gap, ObservedSource, Reading } from './observed-source.ts'
import { sysFilterOf, sysTopics } from './sys-topics.ts'

/** Mosquitto and others tell every ten seconds: twice that and more is silence. */
const silentMs = 25_000
/** So long the end waits for what is told of the last seconds. */
const settleMs = 11_000
const lookMs = 50

/** What the broker publishes of itself below `$SYS`: as fresh as it publishes it. */
export class SysSource implements ObservedSource, MessageSink {
  readonly name = 'sys'
  readonly #settings: ConnectionSettings
  readonly #stop = new Abort()
  readonly #values = new Map<string, number>()
  #client: LoadClient | undefined
  #toldAtMicroseconds = 0
  #isAway = false

  /** `settings`: of a client of its own. */
  constructor(settings: ConnectionSettings) {
    this.#settings = settings
  }

  async open(): Promise<void> {
    this.#client = await LoadClient.open({
      settings: this.#settings,
      listener: {
        lost: () => {
          this.#isAway = true
        },
        back: async (client) => {
          await subscribe(client)
          this.#isAway = false
        },
        gone: () => {},
      },
      signal: this.#stop,
      readBuffer: Buffer.allocUnsafeSlow(4096),
      memory: {},
      turns: new ConnectTurns(),
      bulkReader: undefined,
      sink: this,
    })
    await subscribe(this.#client)
    await this.#client.established.link.ping() // what it keeps for us comes before that is answered
  }

  message(message: PublishView): boolean {
    const topic = message.topicBytes.toString('utf8', message.topicStart, message.topicEnd)
    const filter = sysFilterOf(topic)
    if (filter === undefined) return true
    this.#toldAtMicroseconds = epochMicroseconds()
    const value = Number.parseFloat(message.bytes.toString('utf8', message.payloadStart, message.payloadEnd))
    if (sysTopics[filter] !== 'alive' && Number.isFinite(value)) this.#values.set(topic, value)
    return true
  }

  batchEnd(written: () => void): void {
    written()
  }

  async read(): Promise<Reading | Gap> {
    if (this.#isAway) return { gap: 'the connection is lost' }
    if (this.#toldAtMicroseconds === 0) return { gap: 'nothing below $SYS' }
    if (epochMicroseconds() - this.#toldAtMicroseconds > silentMs * 1000)
      return { gap: `silent for ${silentMs / 1000} s` }
    const dropped = Object.fromEntries([...this.#values].filter(([topic]) => meaningOf(topic) === 'dropped'))
    const [memoryBytes] = [...this.#values].flatMap(([topic, value]) => (meaningOf(topic) === 'memory' ? [value] : []))
    return {
      atMicroseconds: this.#toldAtMicroseconds,
      ...(memoryBytes !== undefined && { memoryBytes }),
      ...(Object.keys(dropped).length > 0 && { dropped }),
    }
  }

  async settle(signal: AbortSignal): Promise<void> {
    const began = epochMicroseconds()
    const isOver = () => this.#toldAtMicroseconds > began || epochMicroseconds() - began > settleMs * 1000
    if (this.#toldAtMicroseconds === 0) return
    while (!signal.aborted && !this.#isAway && !isOver()) await new Promise((resolve) => setTimeout(resolve, lookMs))
  }

  async close(): Promise<void> {
    this.#stop.abort(new MqttCliError('interrupted', 'The run is over'))
    await this.#client?.leave()
  }
}

function meaningOf(topic: string) {
  const filter = sysFilterOf(topic)
  return filter === undefined ? undefined : sysTopics[filter]
}

/** What is retained is wanted: it is how the broker stood before. A broker without one of the dialects refuses nothing. */
async function subscribe({ established }: LoadClient): Promise<void> {
  const options = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
  const asked = Object.keys(sysTopics).map((filter) => ({ filter, ...options }))
  const { reasonCodes } = await established.link.driver.subscribe(asked, {})
  if (reasonCodes.some((each) => !isFailure(each))) return
  throw new MqttCliError('refused', 'The broker lets nobody subscribe to $SYS', {
    layer: 'SUBACK',
    tries: ['look at the broker’s access rules for $SYS/#', 'observe it by its process or by its Prometheus endpoint'],
  })
}
