import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { TlsSettings } from '../../../src/connection/settings.ts'
import type { Transport, TransportSettings } from '../../../src/connection/transport/transport.ts'
import type { MqttCliError } from '../../../src/errors.ts'

/** A deadline that a passing test never meets. */
export function patientDeadline(): AbortSignal {
  return AbortSignal.timeout(20_000)
}

export function transportSettings(
  target: TransportSettings['target'],
  tls: Partial<TlsSettings> = {},
  rest: Partial<TransportSettings> = {},
): TransportSettings {
  return { target, tls: { insecure: false, ...tls }, noDelay: true, ...rest }
}

/** Collects what a transport brings, and lets a test wait for it. */
export class Collected {
  readonly #changed = new EventTarget()
  readonly #chunks: Buffer[] = []
  closes: (MqttCliError | undefined)[] = []

  constructor(transport: Transport) {
    transport.onClose = (cause) => {
      this.closes.push(cause)
      this.#changed.dispatchEvent(new Event('change'))
    }
    transport.onBytes = (bytes) => {
      this.#chunks.push(Buffer.from(bytes))
      this.#changed.dispatchEvent(new Event('change'))
    }
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  get byteCount(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  }

  async until(holds: (collected: Collected) => boolean): Promise<void> {
    while (!holds(this)) await once(this.#changed, 'change')
  }

  async closed(): Promise<MqttCliError | undefined> {
    await this.until(({ closes }) => closes.length > 0)
    return this.closes[0]
  }
}

/**
 * Resolves when the sender has made no progress over many turns of the event loop: the pipe is full. Send more than
 * the kernel's buffers hold at both ends (10 MB here).
 */
export async function stalled(sender: Socket): Promise<void> {
  let turnsWithoutProgress = 0
  let waiting = sender.writableLength
  while (turnsWithoutProgress < 50) {
    await new Promise((resolve) => setImmediate(resolve))
    turnsWithoutProgress = sender.writableLength === waiting ? turnsWithoutProgress + 1 : 0
    waiting = sender.writableLength
  }
  if (waiting === 0) throw new Error('all of it fitted into the pipe: nothing was held back')
}
