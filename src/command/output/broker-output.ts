import type { Wording } from '../../advice.ts'
import type { BrokerEvent } from '../../features/embedded-broker/events.ts'
import type { BoundAddress, EmbeddedBroker } from '../../features/embedded-broker/settings.ts'
import { brokerEventLine, brokerEventRecord } from '../../render/broker-event.ts'
import { jsonText } from '../../render/json-text.ts'
import { createTheme } from '../../render/theme.ts'
import type { Terminal } from '../terminal.ts'
import { wordedRejection } from './worded-rejection.ts'

interface BrokerOutput {
  /** The addresses, on stdout: who starts us and waits for the first line may connect. */
  listening(broker: EmbeddedBroker): void
  /** What happens, on stderr. An error inside the broker is told even to who did not ask. */
  event(event: BrokerEvent): void
}

export function brokerOutput(
  terminal: Terminal,
  { isVerbose, json }: { readonly isVerbose: boolean; readonly json: boolean },
  word: Wording,
): BrokerOutput {
  const theme = createTheme(terminal.errorColor)
  const line = (event: BrokerEvent) => {
    const now = new Date().toISOString()
    if (json) return jsonText(brokerEventRecord(event, now))
    return `${theme.muted(now.slice(11, 23))} ${brokerEventLine(event, theme)}`
  }
  return {
    listening: (broker) => {
      for (const [scheme, { host, port }] of addressesOf(broker)) {
        const url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
        terminal.writeOut(`${json ? jsonText({ v: 1, type: 'listening', url, host, port }) : url}\n`)
      }
    },
    event: (event) => {
      if (isVerbose || event.event === 'fault') terminal.writeError(line(wordedRejection(event, word)))
    },
  }
}

function addressesOf(broker: EmbeddedBroker): readonly (readonly [scheme: string, address: BoundAddress])[] {
  const all = [
    ['mqtt', broker.tcpAddress],
    ['mqtts', broker.tlsAddress],
    ['ws', broker.webSocketAddress],
    ['wss', broker.secureWebSocketAddress],
  ] as const
  return all.flatMap(([scheme, address]) => (address === undefined ? [] : [[scheme, address] as const]))
}
