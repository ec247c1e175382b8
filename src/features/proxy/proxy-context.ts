import type { CaptureFile } from '../../capture/pcapng/capture-file.ts'
import type { BulkReader } from '../../connection/link/bulk-reader.ts'
import type { ClientRegistry } from '../../observation/client-registry.ts'
import type { ProxyEvent } from './events.ts'
import type { FaultCounter } from './faults/fault-counter.ts'
import type { ReadThrottle } from './relay/read-throttle.ts'
import type { ProxySettings } from './settings.ts'

/** What all connections of one proxy share. */
export interface ProxyContext {
  readonly settings: ProxySettings
  readonly registry: ClientRegistry
  readonly faults: FaultCounter
  /** A read and what is done with it are one step: one buffer does for every connection. */
  readonly readBuffer: Buffer
  /** Used where nothing is decoded: times are not shown there, so reads may be gathered. */
  readonly bulkReader: BulkReader
  readonly capture: CaptureFile | undefined
  /** Microseconds since the proxy began to listen. */
  readonly now: () => number
  readonly tell: (event: ProxyEvent) => void
  /** The proxy itself is ending every connection: what is cut off now is no violation. */
  readonly isLeaving: () => boolean
  /** Holds this reading back while what was told waits to be shown. */
  readonly keepPace: (throttle: ReadThrottle) => void
}
