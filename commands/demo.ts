import { demoFlags } from '../src/cli/flags/demo.ts'
import { demoSettingsFrom } from '../src/cli/settings/demo.ts'
import { BaseCommand } from '../src/command/base-command.ts'
import { demoOutput } from '../src/command/output/demo-output.ts'
import { monotonicNanoseconds } from '../src/connection/clock.ts'
import { leanDriver, mqttJsDriver } from '../src/connection/driver/drivers.ts'
import { watchWire } from '../src/connection/wire-watch.ts'
import { demoConnection } from '../src/features/demo/demo-connection.ts'
import { type DemoStage, runDemo, type Subscriber } from '../src/features/demo/run-demo.ts'
import { type DemoMessage, demoSubscription, demoUser } from '../src/features/demo/script.ts'
import { parseUserTable } from '../src/features/embedded-broker/access/user-table.ts'
import { startEmbeddedBroker } from '../src/features/embedded-broker/start-embedded-broker.ts'
import { publishMessages } from '../src/features/publish/publish-message.ts'
import type { PublishContext } from '../src/features/publish/publish-session.ts'
import { subscribe } from '../src/features/subscribe/subscribe.ts'
import { drainDeadlineMs } from '../src/protocol/session/drain-deadline.ts'
import type { PublishView } from '../src/protocol/wire/publish-view.ts'

const host = '127.0.0.1'
const source = { from: 'nothing' } as const // the payload is handed over as it is

type WatchedConnection = Required<Pick<PublishContext, 'connection' | 'tap'>>
type ShowMessage = (message: PublishView) => void

export default class Demo extends BaseCommand {
  static override summary = 'Show the main job on a broker in this process: messages, a handshake, a refusal.'
  static override flags = demoFlags
  static override strict = false // a word that does not belong is our own usage error
  static override examples = ['<%= config.bin %> demo', '<%= config.bin %> demo --json']

  async run(): Promise<void> {
    const input = await this.readInput<typeof demoFlags>()
    const settings = demoSettingsFrom(input)
    const output = demoOutput(this.terminal, settings)
    const password = input.randomText()
    const users = parseUserTable(`${demoUser}:${password}`, 'the users of the demonstration')
    const broker = await startEmbeddedBroker({ host, tcpPort: settings.brokerPort, users })
    this.claimUncaught((error) => broker.endConnectionAtFault(error))
    const port = broker.tcpAddress?.port ?? 0
    output.tell({ event: 'started', host, port })
    try {
      await runDemo(this.#stage(settings.throughPort ?? port, password, output.pause), output.tell)
    } finally {
      await broker.close()
    }
  }

  #stage(port: number, password: string, pause: DemoStage['pause']): DemoStage {
    const start = monotonicNanoseconds()
    const wrong = `not ${password}`
    return {
      pause,
      publish: (client, message, sees, which) => {
        const connection = demoConnection(host, port, client, which === 'right' ? password : wrong)
        return this.#publish(message, { connection, tap: watchWire(start, sees) })
      },
      subscribe: (client, filter, sees, arrived) => {
        const connection = demoConnection(host, port, client, password)
        return this.#subscribe(filter, arrived, { connection, tap: watchWire(start, sees) })
      },
    }
  }

  async #publish({ payload, topic, ...message }: DemoMessage, watched: WatchedConnection): Promise<void> {
    const publish = { ...message, topics: [topic], source, repeatCount: 1, repeatDelayMs: 0, drainDeadlineMs }
    await publishMessages({ ...watched, publish, makeDriver: leanDriver, signal: this.signal }, [Buffer.from(payload)])
  }

  async #subscribe(filter: string, show: ShowMessage, watched: WatchedConnection): Promise<Subscriber> {
    const stop = new AbortController()
    const signal = AbortSignal.any([this.signal, stop.signal])
    const makeDriver = await mqttJsDriver()
    return new Promise((resolve, reject) => {
      const output = { show, flush: (done: (isWritten: boolean) => void) => done(true) }
      const subscribed = () => resolve({ ended, stop: () => stopped(ended, stop) })
      const ended = subscribe({ ...watched, ...demoSubscription(filter), output, makeDriver, signal, subscribed })
      ended.catch(reject)
    })
  }
}

/** Ends the subscriber, and forgives it that it was ended. */
async function stopped(ended: Promise<void>, stop: AbortController): Promise<void> {
  const over = new Error('the demonstration is over')
  stop.abort(over)
  await ended.catch((reason) => {
    if (reason !== over) throw reason
  })
}
