import { join } from 'node:path'
import { type Mosquitto, startMosquitto } from '../test/support/brokers/mosquitto.ts'
import type { Workload } from './workload.ts'

/** As little of the broker's own limits as can be, so that the clients are compared and not its queues. */
const unhurriedBroker = [
  'set_tcp_nodelay true',
  'max_queued_messages 0',
  'max_queued_bytes 0',
  'max_inflight_bytes 0',
  'log_dest topic', // how the feeder learns that somebody subscribed
  'log_type subscribe',
]

interface BrokerWanted {
  readonly inflight: number
  /** Lines for further ways to come in. */
  readonly listeners?: readonly string[]
}

/** What every comparison works with. */
export class Bench {
  readonly workload: Workload
  readonly rounds: number
  readonly #scale: number
  readonly #brokers: Mosquitto[] = []

  /** `scale`: 1 for the promised numbers of messages, less for a look. */
  constructor(workload: Workload, { rounds, scale }: { rounds: number; scale: number }) {
    this.workload = workload
    this.rounds = rounds
    this.#scale = scale
  }

  /** The promised number of messages, or a part of it. */
  messages(promised: number): number {
    return Math.ceil(promised * this.#scale)
  }

  /** A mosquitto of its own. `inflight`: its max_inflight_messages, which it tells as Receive Maximum; 0 is 65,535. */
  async broker({ inflight, listeners = [] }: BrokerWanted): Promise<Mosquitto> {
    const config = [...unhurriedBroker, `max_inflight_messages ${inflight}`, ...listeners].join('\n')
    const broker = await startMosquitto({ config })
    this.#brokers.push(broker)
    return broker
  }

  async stopBrokers(): Promise<void> {
    for (const broker of this.#brokers.splice(0)) await broker.stop()
  }

  /** The built program. */
  ours(...args: readonly (string | number)[]): readonly string[] {
    const program = join(import.meta.dirname, '..', 'bin', 'run.js')
    return [process.execPath, program, ...args.map(String)]
  }
}
