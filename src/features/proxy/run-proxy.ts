// Proxy: stands between clients and a broker, tells what passes, and injects faults on request. It prints nothing and is
// no MQTT client. Begin here; `proxied-connection.ts` is one connection, `relay/` the ways through, `faults/` their plan.

import { once } from 'node:events'
import { CaptureFile } from '../../capture/pcapng/capture-file.ts'
import { monotonicMicroseconds, wallClock } from '../../connection/clock.ts'
import { BulkReader } from '../../connection/link/bulk-reader.ts'
import type { Target } from '../../connection/settings.ts'
import { acceptedTransport } from '../../connection/transport/accepted-transport.ts'
import type { OnRejected } from '../../connection/transport/handshake-failure.ts'
import { type Listener, listen } from '../../connection/transport/listen.ts'
import { listenWebSocket } from '../../connection/transport/server/websocket-server.ts'
import type { MqttCliError } from '../../errors.ts'
import { ClientRegistry } from '../../observation/client-registry.ts'
import { shownExchanges } from '../../observation/shown-exchanges.ts'
import type { ProxyEvent } from './events.ts'
import { FaultCounter } from './faults/fault-counter.ts'
import { ProxiedConnection } from './proxied-connection.ts'
import type { ProxyContext } from './proxy-context.ts'
import type { ProxyListener, ProxySettings } from './settings.ts'

/** Where events go. */
export interface ProxyOutput {
  tell(event: ProxyEvent): void
  /** More was told than has been taken. */
  readonly isBehind: boolean
  /** Called once, when it no longer is. */
  onceCaughtUp(resume: () => void): void
}

export interface ProxyRequest {
  readonly settings: ProxySettings
  readonly output: ProxyOutput
  readonly signal: AbortSignal
}

/** A packet may be of any size in a WebSocket message: the broker decides what is too large. */
const largestMessageBytes = 268_435_460
const readBufferBytes = 64 * 1024
const schemes = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss' } as const

/** Stands between clients and a broker until it is told to stop; then tells the summary of each client. */
export async function runProxy(request: ProxyRequest): Promise<void> {
  const proxy = new RunningProxy(request)
  const listeners = await proxy.listen()
  const failed = await proxy.untilStopped()
  await proxy.leave(listeners)
  if (failed !== undefined) throw failed
}

class RunningProxy {
  readonly #request: ProxyRequest
  readonly #context: ProxyContext
  readonly #connections = new Set<ProxiedConnection>()
  readonly #stop = new AbortController()
  #count = 0
  #isLeaving = false

  constructor(request: ProxyRequest) {
    const { settings, output } = request
    const start = monotonicMicroseconds()
    this.#request = request
    this.#context = {
      settings,
      registry: new ClientRegistry(settings.filter),
      faults: new FaultCounter(settings.faults),
      readBuffer: Buffer.allocUnsafeSlow(readBufferBytes),
      bulkReader: BulkReader.forMany(),
      capture: captureOf(request, (error) => this.#stop.abort(error)),
      now: () => monotonicMicroseconds() - start,
      tell: (event) => output.tell(event),
      isLeaving: () => this.#isLeaving,
      keepPace: (throttle) => {
        if (!output.isBehind) return
        throttle.hold('behind')
        output.onceCaughtUp(() => throttle.release('behind'))
      },
    }
  }

  async listen(): Promise<readonly Listener[]> {
    const { listeners, upstream } = this.#request.settings
    const opened: Listener[] = []
    for (const settings of listeners) {
      const listener = await this.#listenOn(settings)
      opened.push(listener)
      this.#context.tell({ event: 'listening', url: urlOf(settings, listener), to: shownTarget(upstream.target) })
    }
    return opened
  }

  /** Resolves with the failure, if it was one, that ended the work. */
  async untilStopped(): Promise<MqttCliError | undefined> {
    const { signal } = this.#request
    if (!signal.aborted && !this.#stop.signal.aborted) {
      await Promise.race([once(signal, 'abort'), once(this.#stop.signal, 'abort')])
    }
    return this.#stop.signal.aborted ? this.#stop.signal.reason : undefined
  }

  async leave(listeners: readonly Listener[]): Promise<void> {
    this.#isLeaving = true
    const closing = listeners.map((listener) => listener.close())
    const open = [...this.#connections]
    for (const connection of open) connection.leave()
    await Promise.all(open.map(({ closed }) => closed))
    await Promise.all(closing)
    this.#context.capture?.close()
    this.#tellSummaries()
  }

  #listenOn(settings: ProxyListener): Promise<Listener> {
    const accept: Parameters<typeof listen>[1] = (stream, remote, { admit }) => {
      admit() // the broker limits what may come before CONNECT
      if (this.#stop.signal.aborted || this.#request.signal.aborted) stream.destroy()
      else this.#accept(acceptedTransport(stream, remote, this.#context.readBuffer))
    }
    const rejected: OnRejected = (remote, reason, advice) => {
      const atMicroseconds = Math.round(this.#context.now())
      this.#context.tell({ event: 'rejected', remote, reason, ...(advice && { advice }), atMicroseconds })
    }
    return settings.isWebSocket
      ? listenWebSocket({ ...settings, maximumMessageBytes: largestMessageBytes }, accept, rejected)
      : listen(settings, accept, rejected)
  }

  #accept(client: ReturnType<typeof acceptedTransport>): void {
    const connection = new ProxiedConnection(++this.#count, client, this.#context)
    this.#connections.add(connection)
    void connection.closed.then(() => this.#connections.delete(connection))
    connection.start().catch((error: unknown) => this.#stop.abort(error))
  }

  #tellSummaries(): void {
    const { registry, faults, settings, tell } = this.#context
    if (!settings.givesSummary) return
    for (const record of registry.records()) {
      const left = shownExchanges(record.exchanges.unfinished(), settings.filter)
      for (const finding of left) tell({ event: 'finding', connection: record.number, client: record.number, finding })
      tell({ event: 'summary', of: record.summary() })
    }
    if (registry.uncounted > 0) tell({ event: 'uncounted', clients: registry.uncounted })
    if (settings.faults.length > 0) tell({ event: 'faults', faults: faults.counts() })
  }
}

function captureOf({ settings }: ProxyRequest, failed: (error: MqttCliError) => void) {
  const { capture } = settings
  if (capture === undefined) return undefined
  return new CaptureFile({
    path: capture.path,
    startEpochMicroseconds: Number(wallClock.epochNanoseconds / 1000n),
    showSecrets: capture.showSecrets,
    failed,
  })
}

function urlOf({ isWebSocket, tls }: ProxyListener, { host, port }: Listener): string {
  const scheme = isWebSocket ? (tls ? 'wss' : 'ws') : tls ? 'mqtts' : 'mqtt'
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The broker as a URL. Without a query: tokens travel in it. */
function shownTarget(target: Target): string {
  if (target.transport === 'unix') return `unix://${target.path}`
  const { transport, host, port } = target
  const path = 'path' in target ? target.path.replace(/\?.*$/s, '?…') : ''
  return `${schemes[transport]}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`
}
