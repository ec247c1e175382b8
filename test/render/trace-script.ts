import type { WireEvent } from '../../src/protocol/session/wire-event.ts'
import { startTrace, traceNextConnection, traceTapped } from '../../src/protocol/session/wire-trace.ts'
import type { Packet, Sender } from '../../src/protocol/wire/packet.ts'
import type { Violation } from '../../src/protocol/wire/violation.ts'

/** Events of packets that come 100 µs apart and have 10 bytes each. */
export class TraceScript {
  #trace = startTrace()
  #atMicroseconds = 0

  client(decoded: Packet | Violation): WireEvent {
    return this.#tell('client', decoded)
  }

  server(decoded: Packet | Violation): WireEvent {
    return this.#tell('server', decoded)
  }

  reconnect(): void {
    this.#trace = traceNextConnection(this.#trace)
  }

  #tell(sender: Sender, decoded: Packet | Violation): WireEvent {
    this.#atMicroseconds += 100
    const tapped = { sender, decoded, bytes: 10, atMicroseconds: this.#atMicroseconds }
    const { trace, event } = traceTapped(this.#trace, tapped)
    this.#trace = trace
    return event
  }
}
