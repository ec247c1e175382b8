import type { Server, Socket } from 'node:net'
import { listen } from '../network/free-port.ts'
import { Changing } from '../program/patience.ts'
import { listenOver, serverTls } from '../transports/listen-over.ts'
import { type Reach, reachOf } from '../transports/reach.ts'
import { thisTransport, transportTable } from '../transports/transport-table.ts'
import { ScriptedConnection, type Step } from './scripted-connection.ts'
import { type WireOptions, wireServer } from './scripted-wire.ts'

export interface ScriptedBrokerOptions extends WireOptions {
  /** Played for every connection beyond the scripts; without it those are dropped at once. */
  readonly otherwise?: readonly Step[]
  readonly host?: string
  /** A free one by default. */
  readonly port?: number
  /** Whatever the transport of this run is, it listens on TCP: something else stands in front of it. */
  readonly isBehindProxy?: boolean
}

/** On the transport of this run, unless the options say what it speaks, or where. */
export interface ScriptedBroker extends Reach {
  /** 0 where the transport has none. */
  readonly port: number
  /** In the order in which they were accepted. */
  readonly connections: readonly ScriptedConnection[]
  /** Connections that no script was written for. */
  readonly unexpected: number
  /** The connection with this index, counted from 0, as soon as there is one. */
  connection(index: number): Promise<ScriptedConnection>
  /** Every byte that came on the connection with this index so far. */
  received(index: number): Buffer
  /** Ends what is open. For `t.after(broker.close)`. */
  readonly close: () => void
}

/** A broker that plays exact bytes: the first connection gets the first script, and so on. */
export async function startScriptedBroker(
  scripts: readonly (readonly Step[])[],
  options: ScriptedBrokerOptions = {},
): Promise<ScriptedBroker> {
  const connections: ScriptedConnection[] = []
  const changing = new Changing()
  let unexpected = 0
  const isOfThisRun = [options.tls, options.websocket, options.host, options.port, options.isBehindProxy].every(
    (chosen) => chosen === undefined,
  )
  const server = wireServer(isOfThisRun ? wireOfThisRun() : options, (wire) => {
    const script = scripts[connections.length] ?? options.otherwise
    if (script === undefined) {
      unexpected += 1
      wire.rst()
      return
    }
    connections.push(new ScriptedConnection(wire, script))
    changing.changed()
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket.once('close', () => sockets.delete(socket))))
  const reach = isOfThisRun ? await listenOver(server) : await listenAsTold(server, options)
  return {
    port: 0,
    ...reach,
    connections,
    get unexpected() {
      return unexpected
    },
    connection: (index) => changing.when(() => connections[index], `connection ${index}`),
    received: (index) => connections[index]?.received ?? Buffer.alloc(0),
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function wireOfThisRun(): WireOptions {
  const { isTls, isWebSocket } = thisTransport
  return { ...(isTls && { tls: serverTls() }), ...(isWebSocket && { websocket: 'mqtt' }) }
}

async function listenAsTold(server: Server, { host, port: wanted }: ScriptedBrokerOptions) {
  const port = await listen(server, host, wanted)
  return { port, ...reachOf({ port }, transportTable.tcp) }
}
