import { Abort } from '../../connection/abort.ts'
import type { Link } from '../../connection/link.ts'
import type { LinkEnd } from '../../connection/link-end.ts'
import type { ConnectionSettings } from '../../connection/settings.ts'
import { MqttCliError } from '../../errors.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import { BenchClient } from './bench-client.ts'
import { type BenchContext, runNameOf } from './bench-context.ts'
import { clientSettings } from './client-settings.ts'
import { connectAll } from './connect-all.ts'
import { ConnectTally } from './connect-tally.ts'
import { epochMicroseconds } from './epoch-clock.ts'
import type { IdleFigures, StormFigures } from './events.ts'
import { graver } from './graver.ts'
import { LoopDelay } from './loop-delay.ts'
import { nobodyThere } from './nobody-there.ts'
import { versionElsewhere } from './other-hosts.ts'

const readBufferBytes = 64 * 1024
const tickMs = 1000
/** Below this the noise of the process is larger than its connections. */
const fewestToMeasure = 100

/** Connections that connect, ping and stay: how fast, how many, at what cost, and how they come back. */
export class ConnRun {
  readonly tally = new ConnectTally()
  readonly loopDelay = new LoopDelay()
  version: ProtocolVersion = 5
  failure: MqttCliError | undefined
  idle: IdleFigures | undefined
  cpuMicroseconds = 0
  wallMicroseconds = 0
  readonly #context: BenchContext
  readonly #stop: Abort
  readonly #readBuffer = Buffer.allocUnsafeSlow(readBufferBytes)
  /** Of each client only what keeps its connection: ten thousand of anything else would be counted as its cost. */
  readonly #links = new Set<Link>()
  #heldMicroseconds = 0

  constructor(context: BenchContext) {
    this.#context = context
    this.#stop = Abort.following(context.signal)
  }

  async run(): Promise<void> {
    const { settings, tell, figures } = this.#context
    const began = epochMicroseconds()
    const before = figures()
    this.loopDelay.start()
    this.loopDelay.measure(true)
    const ticks = setInterval(() => this.#tick(began), tickMs)
    tell({ event: 'phase', phase: 'connect' })
    try {
      await this.#connectFirst()
      const residentBytes = figures().residentBytes
      await this.#connectMany(1, this.tally)
      this.wallMicroseconds = epochMicroseconds() - began
      tell({ event: 'phase', phase: 'measure' })
      const residentBytesEach = this.#residentEach(residentBytes)
      await this.#hold()
      const storms = await this.#storms()
      this.idle = {
        connections: settings.connections,
        held: this.#links.size,
        heldSeconds: this.#heldMicroseconds / 1e6,
        ...(residentBytesEach !== undefined && { residentBytesEach }),
        storms,
      }
    } finally {
      clearInterval(ticks)
      this.loopDelay.stop()
      const after = figures()
      this.cpuMicroseconds =
        after.cpuUserMicroseconds +
        after.cpuSystemMicroseconds -
        before.cpuUserMicroseconds -
        before.cpuSystemMicroseconds
      this.wallMicroseconds = epochMicroseconds() - began
      await Promise.all([...this.#links].map((link) => link.leave(0, {})))
    }
  }

  async #connectFirst(): Promise<void> {
    let failure: unknown
    await connectAll({
      count: 1,
      ratePerSecond: Number.POSITIVE_INFINITY,
      signal: this.#stop,
      tally: this.tally,
      open: () =>
        this.#open(0, this.#context.settings.connection.version).catch((error: unknown) => {
          failure = error
          throw error
        }),
    })
    if (!(failure instanceof MqttCliError) || failure.kind !== 'unreachable') return
    const { settings, signal } = this.#context
    const version = await versionElsewhere(settings.clients, this.#settingsOf(0), signal)
    if (version === undefined) throw nobodyThere(failure)
    this.version = version
  }

  async #connectMany(from: number, tally: ConnectTally): Promise<void> {
    const { settings } = this.#context
    await connectAll({
      count: settings.connections - from,
      ratePerSecond: settings.connectRatePerSecond,
      signal: this.#stop,
      tally,
      open: (index) => this.#open(index + from, this.version),
    })
  }

  async #open(index: number, version: ProtocolVersion | 'auto'): Promise<void> {
    const settings = this.#settingsOf(index)
    const readBuffer = this.#readBuffer
    const { established } = await BenchClient.open({
      settings,
      version,
      signal: this.#stop,
      readBuffer,
      ended: this.#ended,
    })
    const { link } = established
    this.version = established.version
    if (link.end === undefined) this.#links.add(link)
    else this.#lose(link.end)
  }

  /** Those that we ended ourselves are in the set no more, or end without an error. */
  readonly #ended = (link: Link, end: LinkEnd): void => {
    if (this.#links.delete(link) && end.error !== undefined) this.#lose(end)
  }

  #lose({ error }: LinkEnd): void {
    this.failure = graver(this.failure, error)
    this.tally.lose(error)
  }

  #settingsOf(index: number): ConnectionSettings {
    const { connection, clients } = this.#context.settings
    return clientSettings(connection, clients, index, runNameOf(this.#context))
  }

  #residentEach(residentBytes: number): number | undefined {
    const others = this.#links.size - 1
    if (others < fewestToMeasure) return undefined
    return Math.max(0, Math.round((this.#context.figures().residentBytes - residentBytes) / others))
  }

  /** For the asked time, or until the user stops or nobody is left. */
  async #hold(): Promise<void> {
    const { settings, signal } = this.#context
    const began = epochMicroseconds()
    const milliseconds = settings.end.by === 'duration' ? settings.end.milliseconds : 0
    while (!signal.aborted && this.#links.size > 0 && epochMicroseconds() - began < milliseconds * 1000) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    this.#heldMicroseconds = epochMicroseconds() - began
  }

  async #storms(): Promise<StormFigures[]> {
    const storms: StormFigures[] = []
    const { settings, signal } = this.#context
    for (let storm = 0; storm < settings.churns && !signal.aborted; storm++) storms.push(await this.#storm())
    return storms
  }

  async #storm(): Promise<StormFigures> {
    const dropped = new MqttCliError('lost', 'Dropped, to come again', { tries: ['nothing: --churn asked for it'] })
    for (const link of this.#links) {
      this.#links.delete(link)
      link.fail(dropped)
    }
    const tally = new ConnectTally()
    const began = epochMicroseconds()
    await this.#connectMany(0, tally)
    const { connected, refused, times } = tally.figures
    return { reconnected: connected, failed: refused, seconds: (epochMicroseconds() - began) / 1e6, times }
  }

  #tick(began: number): void {
    const figures = {
      phase: this.#heldMicroseconds > 0 ? 'drain' : 'measure',
      second: Math.round((epochMicroseconds() - began) / 1e5) / 10,
      offered: 0,
      sent: 0,
      acked: 0,
      received: 0,
      payloadBytes: 0,
      connected: this.#links.size,
      cpu: 0,
      loopDelayMaxMicroseconds: Math.round(this.loopDelay.takeMaxMicroseconds()),
    } as const
    this.#context.tell({ event: 'second', figures })
  }
}
