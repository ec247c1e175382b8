import { largestReusedBytes } from '../../protocol/wire/frame-splitter.ts'
import type { Sender } from '../../protocol/wire/packet.ts'
import { monotonicNanoseconds } from '../clock.ts'
import { ForwardingTransport } from './forwarding-transport.ts'
import type { Transport } from './transport.ts'

type TapListener = (sender: Sender, bytes: Buffer, atNanoseconds: bigint) => void

/**
 * Shows a copy of every byte that passes, both ways, to a listener: inbound bytes before anybody acts on them, outbound
 * ones as they are handed to the socket. Only for who asked to see the wire: without a tap nothing is copied.
 */
export function tapTransport(transport: Transport, listener: TapListener): Transport {
  return new TappedTransport(transport, listener)
}

class TappedTransport extends ForwardingTransport {
  readonly #listener: TapListener
  #receive: (bytes: Buffer) => void = () => {}

  constructor(inner: Transport, listener: TapListener) {
    super(inner)
    this.#listener = listener
  }

  override get onBytes(): Transport['onBytes'] {
    return this.#receive
  }

  override set onBytes(receive: Transport['onBytes']) {
    this.#receive = receive
    this.inner.onBytes = (bytes) => {
      if (bytes.length > 0) this.#listener('server', keptBytes(bytes), monotonicNanoseconds())
      this.#receive(bytes)
    }
  }

  override write(bytes: Buffer, written?: (error?: Error | null) => void): boolean {
    this.#listener('client', keptBytes(bytes), monotonicNanoseconds())
    return this.inner.write(bytes, written)
  }
}

/** Where so many bytes lie, nobody writes again. */
function keptBytes(bytes: Buffer): Buffer {
  return bytes.length > largestReusedBytes ? bytes : Buffer.from(bytes)
}
