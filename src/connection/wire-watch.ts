import type { WireEvent } from '../protocol/session/wire-event.ts'
import { startTrace, traceNextConnection, traceTapped } from '../protocol/session/wire-trace.ts'
import { decodePacket } from '../protocol/wire/decode-packet.ts'
import { FrameSplitter } from '../protocol/wire/frame-splitter.ts'
import { harmlessPacket } from '../protocol/wire/harmless.ts'
import type { Packet, ProtocolVersion, Sender } from '../protocol/wire/packet.ts'
import { isViolation, type Violation } from '../protocol/wire/violation.ts'
import { monotonicNanoseconds } from './clock.ts'
import { tapTransport } from './transport/tap.ts'
import type { Transport } from './transport/transport.ts'

/** Is shown the bytes of one connection, as they pass. */
export type ByteWatch = (sender: Sender, bytes: Buffer) => void

/**
 * Turns the bytes of one client's connections, as the tap copies them, into events. Give the result to each transport
 * that is opened. Times count from `startNanoseconds`.
 */
export function watchWire(
  startNanoseconds: bigint,
  onEvent: (event: WireEvent) => void,
): (transport: Transport) => Transport {
  let trace = startTrace()
  let isFirst = true
  return (transport) => {
    if (!isFirst) trace = traceNextConnection(trace)
    isFirst = false
    let atMicroseconds = 0
    const splitters = splittersFor(
      (sender, bytes, decoded, harmless) => {
        const next = traceTapped(trace, { sender, atMicroseconds, bytes, decoded, harmless })
        trace = next.trace
        onEvent(next.event)
      },
      () => trace.conversation.version,
    )
    return tapTransport(transport, (sender, bytes, atNanoseconds) => {
      atMicroseconds = Number(atNanoseconds - startNanoseconds) / 1000
      splitters[sender](bytes)
    })
  }
}

/** The same for a server: gives each connection that it accepts, by its number, somebody to show its bytes to. */
export function watchAccepted(
  startNanoseconds: bigint,
  onEvent: (event: WireEvent) => void,
): (connection: number) => ByteWatch {
  return (connection) => {
    let trace = startTrace()
    const splitters = splittersFor(
      (sender, bytes, decoded, harmless) => {
        const atMicroseconds = Number(monotonicNanoseconds() - startNanoseconds) / 1000
        const next = traceTapped(trace, { sender, atMicroseconds, bytes, decoded, harmless })
        trace = next.trace
        onEvent({ ...next.event, connection })
      },
      () => trace.conversation.version,
    )
    return (sender, bytes) => splitters[sender](bytes)
  }
}

type OnDecoded = (sender: Sender, bytes: number, decoded: Packet | Violation, harmless?: Packet) => void

/** One splitter for each direction; the first violation that is not harmless is the last thing a direction says. */
function splittersFor(onDecoded: OnDecoded, version: () => ProtocolVersion) {
  const directed = (sender: Sender) => {
    const splitter = new FrameSplitter({})
    let isBroken = false
    const onFrame = (bytes: Buffer, start: number, _bodyStart: number, end: number) => {
      if (isBroken) return
      const context = { version: version(), sender }
      const decoded = decodePacket(bytes, start, end, context)
      const harmless = isViolation(decoded) ? harmlessPacket(bytes, start, end, context) : undefined
      isBroken = isViolation(decoded) && harmless === undefined
      onDecoded(sender, end - start, decoded, harmless)
    }
    return (bytes: Buffer) => {
      splitter.hasAuth = version() === 5
      const violation = isBroken ? undefined : splitter.push(bytes, onFrame)
      if (violation === undefined) return
      isBroken = true
      onDecoded(sender, bytes.length, violation)
    }
  }
  return { client: directed('client'), server: directed('server') }
}
