import type { Target } from '../../../connection/settings.ts'
import type { BenchSettings } from '../settings.ts'

/** Where a load went, without any secret: all its brokers. */
export function targetText({ connection, clients }: Pick<BenchSettings, 'connection' | 'clients'>): string {
  return (clients.targets ?? [connection.target]).map(urlOf).join(',')
}

function urlOf(target: Target): string {
  if (target.transport === 'unix') return `unix://${target.path}`
  const scheme = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss' }[target.transport]
  const host = target.host.includes(':') ? `[${target.host}]` : target.host
  return `${scheme}://${host}:${target.port}${'path' in target ? target.path : ''}`
}
