import { matrixCell } from './matrix-cell.ts'

export type TransportName = 'tcp' | 'tls' | 'ws' | 'wss' | 'unix'

/** What carries the bytes between a client and its broker. */
export interface TestTransport {
  readonly name: TransportName
  readonly isTls: boolean
  readonly isWebSocket: boolean
  /** A path in place of a port. */
  readonly isUnix: boolean
}

const table: readonly TestTransport[] = [
  { name: 'tcp', isTls: false, isWebSocket: false, isUnix: false },
  { name: 'tls', isTls: true, isWebSocket: false, isUnix: false },
  { name: 'ws', isTls: false, isWebSocket: true, isUnix: false },
  { name: 'wss', isTls: true, isWebSocket: true, isUnix: false },
  { name: 'unix', isTls: false, isWebSocket: false, isUnix: true },
]

export const transportTable: Readonly<Record<TransportName, TestTransport>> = Object.fromEntries(
  table.map((transport) => [transport.name, transport]),
) as Record<TransportName, TestTransport>

/**
 * The transport of this run. Tests of the message path never say which: their brokers listen on it, and tell the flags
 * that lead there.
 */
export const thisTransport: TestTransport = table.find(({ name }) => name === matrixCell) ?? transportTable.tcp
