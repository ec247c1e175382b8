import type { Target } from '../../../connection/settings.ts'
import type { BenchSettings } from '../settings.ts'

type Loaded = Pick<BenchSettings, 'workers' | 'publishers' | 'subscribers' | 'connections' | 'connection'>

/** How many threads a run has. `auto`: all cores but one where the broker is on this machine, which needs one too. */
export function workerCount(settings: Loaded, cores: number): number {
  const { workers, publishers, subscribers, connections, connection } = settings
  const wanted = workers === 'auto' ? cores - (isHere(connection.target) ? 1 : 0) : workers
  const clients = publishers + subscribers + connections
  return Math.max(1, Math.min(wanted, clients)) // a thread without a client would only look on
}

function isHere(target: Target): boolean {
  return target.transport === 'unix' || /^(localhost|127\..*|::1)$/i.test(target.host)
}
