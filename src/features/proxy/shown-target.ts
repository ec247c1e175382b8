import type { Target } from '../../connection/settings.ts'

const schemes = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss' } as const

/** The broker as a URL. Without a query: tokens travel in it. */
export function shownTarget(target: Target): string {
  if (target.transport === 'unix') return `unix://${target.path}`
  const { transport, host, port } = target
  const path = 'path' in target ? target.path.replace(/\?.*$/s, '?…') : ''
  return `${schemes[transport]}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`
}
