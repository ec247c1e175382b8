import { Abort } from '../../../connection/abort.ts'
import { asError } from '../../../connection/connect-failures.ts'
import type { Established } from '../../../connection/establish.ts'
import type { Link } from '../../../connection/link/link.ts'
import type { LinkEnd } from '../../../connection/link/link-end.ts'
import { endingWithin, Reconnector } from '../../../connection/reconnect/reconnector.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import type { TransportMemory } from '../../../connection/transport/transport.ts'
import { MqttCliError } from '../../../errors.ts'
import type { Properties, ProtocolVersion } from '../../../protocol/wire/packet.ts'
import { runNameOf } from '../bench-context.ts'
import { connectAll } from '../clients/connect-all.ts'
import { ConnectTurns } from '../clients/connect-turns.ts'
import { establishSession } from '../clients/establish-session.ts'
import { probedVersion } from '../clients/probe-version.ts'
import { ConnectCounters, type ConnectCountersData } from '../counters/connect-counters.ts'
import { LoopDelay } from '../counters/loop-delay.ts'
import { clientSettings } from '../naming/client-settings.ts'
import type { ShardSide } from '../settings.ts'
import { errorData } from './error-data.ts'
import type { IdleResult, IdleStatus, IdleWorker } from './idle-worker.ts'
import type { WorkerContext } from './load-worker.ts'
import { mostSevereError } from './most-severe-error.ts'
import { among, connectionsOf, firstNumber } from './worker-slice.ts'

const readBufferBytes = 64 * 1024

/** Connections of this very thread that connect, ping and stay, and come back when they are lost. */
export class LocalIdleWorker implements IdleWorker {
  readonly #context: WorkerContext
  readonly #runName: string
  readonly #counters = new ConnectCounters()
  readonly #loopDelay = new LoopDelay()
  readonly #stop = new Abort()
  readonly #readBuffer = Buffer.allocUnsafeSlow(readBufferBytes)
  readonly #memory: TransportMemory = { contexts: new Map() }
  readonly #turns = new ConnectTurns()
  /** The client of each connection, and nothing else: ten thousand of anything more would be counted as their cost. */
  readonly #clients = new Map<Link, number>()
  /** Of the clients that were lost at least once. */
  readonly #reconnectors = new Map<number, Reconnector>()
  #version: ProtocolVersion = 5
  #returning = 0
  #isLeaving = false
  #failure: MqttCliError | undefined

  constructor(context: WorkerContext) {
    this.#context = context
    this.#runName = runNameOf(context)
    this.#loopDelay.start()
    this.#loopDelay.measure(true)
  }

  async connectFirst(): Promise<ProtocolVersion> {
    let failure: unknown
    const number = firstNumber(this.#context.settings, 'connections')
    await this.#connectMany({ numbers: [number], places: [0] }, this.#counters, async () => {
      await this.#open(number, this.#context.settings.connection.version).catch((error: unknown) => {
        failure = asError(error)
        throw error
      })
    })
    const { clients } = this.#context.settings
    const elsewhere = await probedVersion(failure, clients, this.#settingsOf(number), this.#stop)
    return elsewhere ?? this.#version
  }

  async connectRest(version: ProtocolVersion): Promise<void> {
    this.#version = version
    const { settings, slice } = this.#context
    const side = connectionsOf(settings, slice)
    await this.#connectMany(slice.index === 0 ? among(side, (position) => position > 0) : side, this.#counters)
  }

  async status(): Promise<IdleStatus> {
    return {
      standing: this.#clients.size,
      returning: this.#returning,
      loopDelayMaxMicroseconds: Math.round(this.#loopDelay.takeMaxMicroseconds()),
    }
  }

  async storm(): Promise<ConnectCountersData> {
    const dropped = new MqttCliError('lost', 'Dropped, to come again', { tries: ['nothing: it was asked for'] })
    for (const link of this.#clients.keys()) {
      this.#clients.delete(link)
      link.fail(dropped)
    }
    const counters = new ConnectCounters()
    const { settings, slice } = this.#context
    await this.#connectMany(connectionsOf(settings, slice), counters)
    return counters.data
  }

  async stop(): Promise<void> {
    this.#stop.abort(new MqttCliError('interrupted', 'Stopped while it connected'))
  }

  async leave(): Promise<IdleResult> {
    await this.close()
    const failure = errorData(this.#failure)
    return { counters: this.#counters.data, loopDelay: this.#loopDelay.encoded(), ...(failure && { failure }) }
  }

  async close(): Promise<void> {
    this.#isLeaving = true
    this.#loopDelay.stop()
    await this.stop()
    await Promise.all([...this.#clients].map(([link, index]) => link.leave(0, this.#goodbyeOf(index))))
  }

  async #connectMany(
    { numbers, places }: ShardSide,
    counters: ConnectCounters,
    open = (index: number) => this.#open(index, this.#version),
  ): Promise<void> {
    await connectAll({
      places,
      ratePerSecond: this.#context.settings.connectRatePerSecond,
      signal: this.#stop,
      counters,
      open: (position) =>
        open(numbers[position]!).catch((failure: unknown) => {
          throw asError(failure)
        }),
    })
  }

  async #open(index: number, version: ConnectionSettings['version']): Promise<void> {
    this.#enter(index, await this.#establish({ ...this.#settingsOf(index), version }))
  }

  #establish(settings: ConnectionSettings): Promise<Established> {
    const [signal, readBuffer, memory, ended] = [this.#stop, this.#readBuffer, this.#memory, this.#ended]
    return establishSession({ settings, signal, readBuffer, memory, ended })
  }

  #establishAgain(index: number, leftMs: number): Promise<Established> {
    return this.#establish(endingWithin(leftMs, { ...this.#settingsOf(index), version: this.#version }))
  }

  #enter(index: number, { link, version }: Established): void {
    this.#version = version
    this.#clients.set(link, index)
    if (link.end !== undefined) this.#ended(link, link.end) // it ended between CONNACK and here
  }

  #goodbyeOf(index: number): Properties {
    const shared = this.#context.settings.connection.disconnectProperties
    return shared.userProperties === undefined ? shared : this.#settingsOf(index).disconnectProperties
  }

  #settingsOf(index: number): ConnectionSettings {
    const { connection, clients } = this.#context.settings
    return clientSettings(connection, clients, index, this.#runName)
  }

  /** Those that we ended ourselves are in the table no more, or end without an error. */
  readonly #ended = (link: Link, end: LinkEnd): void => {
    const index = this.#clients.get(link)
    if (index === undefined || end.error === undefined || this.#isLeaving) return
    this.#clients.delete(link)
    this.#counters.lose(end.error)
    this.#returning++
    this.#reconnectorOf(index).ended(link, end, this.#settingsOf(index).clientId)
  }

  #reconnectorOf(index: number): Reconnector {
    const known = this.#reconnectors.get(index)
    if (known !== undefined) return known
    const gone = (error: MqttCliError) => this.#gone(error)
    const made = new Reconnector({
      settings: this.#context.settings.connection.reconnect,
      signal: this.#stop,
      open: (leftMs) => this.#turns.take(leftMs, (left) => this.#establishAgain(index, left)),
      enter: (established, awayMs) => this.#back(index, established, awayMs),
      gone,
      aborted: gone,
    })
    this.#reconnectors.set(index, made)
    return made
  }

  #back(index: number, established: Established, awayMs: number): void {
    this.#returning--
    this.#counters.recover(Math.round(awayMs * 1000))
    this.#enter(index, established)
  }

  #gone(error: MqttCliError): void {
    this.#returning--
    this.#failure = mostSevereError(this.#failure, error)
  }
}
