import type { Socket } from 'node:net'
import { listen } from './free-port.ts'
import { Changing } from './patience.ts'
import { ScriptedConnection, type Step } from './scripted-connection.ts'
import { type WireOptions, wireServer } from './scripted-wire.ts'

export interface ScriptedBrokerOptions extends WireOptions {
  /** Played for every connection beyond the scripts; without it those are dropped at once. */
  readonly otherwise?: readonly Step[]
  readonly host?: string
  /** A free one by default. */
  readonly port?: number
}

export interface ScriptedBroker {
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
  const server = wireServer(options, (wire) => {
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
  const port = await listen(server, options.host, options.port)
  return {
    port,
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
