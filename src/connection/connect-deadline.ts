import { MqttCliError } from '../errors.ts'
import { Abort, type Abortable } from './abort.ts'
import { monotonicMs } from './clock.ts'

/** Aborted when the time for a connect is up, or when the user stops. */
export class ConnectDeadline extends Abort {
  readonly #stop: Abortable
  readonly #timer: NodeJS.Timeout
  readonly #endsAtMs: number
  readonly #stopped = () => this.abort(this.#stop.reason)

  constructor(afterMs: number, stop: Abortable) {
    super()
    this.#stop = stop
    this.#endsAtMs = monotonicMs() + afterMs
    this.#timer = setTimeout(() => this.abort(deadlinePassed(afterMs)), afterMs)
    if (stop.aborted) this.#stopped()
    else stop.addEventListener('abort', this.#stopped, { once: true })
  }

  get leftMs(): number {
    return Math.max(0, this.#endsAtMs - monotonicMs())
  }

  /** It ended one way or the other. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#stop.removeEventListener('abort', this.#stopped)
  }
}

function deadlinePassed(afterMs: number): MqttCliError {
  return new MqttCliError('unreachable', `No CONNACK within ${afterMs / 1000} s`, {
    layer: 'connect',
    causes: ['the address swallows packets (a firewall)', 'the port accepts connections, but nobody speaks MQTT there'],
    tries: ['check host and port', { try: 'longer-connect-timeout', ifSlow: 'network' }],
  })
}
