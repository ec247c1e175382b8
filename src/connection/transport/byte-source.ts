import type { OnReadOpts, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { largestReusedBytes } from '../../protocol/wire/frame-splitter.ts'
import { WakeUpBytes } from './wake-up-bytes.ts'

/** Where inbound bytes come from, begun by `resume()` and not before. */
export interface ByteSource {
  onBytes: (bytes: Buffer) => void
  pause(): void
  resume(): void
  /** Hands over what was read and is still kept: the end comes next. */
  flush(): void
}

/**
 * One read takes what the kernel has, up to this. Larger is not faster: 89 ns of CPU per KB read at 64 KB, 98 at 128,
 * 114 at 256 (2 GB over loopback): the bytes are still in the cache when they are looked at.
 */
const READ_BUFFER_BYTES = largestReusedBytes

const ignore = () => {}

/**
 * Reads into one buffer again and again: no allocation for a read but the view of the bytes that came. The socket is
 * made with `onread`, so this exists before it; of several attempts to connect only one ever reads.
 */
export class ReusedBufferSource implements ByteSource {
  onBytes: (bytes: Buffer) => void = ignore
  #socket: Socket | undefined
  #isPaused = false
  readonly #buffer: Buffer

  constructor(buffer: Buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)) {
    this.#buffer = buffer
  }

  /** For one attempt to connect. */
  get onread(): OnReadOpts {
    return {
      buffer: this.#buffer,
      callback: (bytes) => {
        this.received(this.#buffer, bytes)
        return true // pausing is done by pause(), which works inside this callback too
      },
    }
  }

  /** The attempt that won. */
  readFrom(socket: Socket): void {
    this.#socket = socket
  }

  pause(): void {
    this.#isPaused = true
    this.#socket?.pause()
    // A resume() of the same turn has left a first read behind for the end of it, which Node begins paused or not.
    process.nextTick(() => {
      if (this.#isPaused) this.#socket?.pause()
    })
  }

  resume(): void {
    this.#isPaused = false
    this.#socket?.resume()
  }

  flush(): void {}

  protected received(buffer: Buffer, bytes: number): void {
    this.onBytes(bytes === buffer.length ? buffer : buffer.subarray(0, bytes))
  }
}

/** Of sockets that read before anybody listens: what comes by then is kept, and then reading waits. */
export class EarlySource extends ReusedBufferSource {
  #early: Buffer[] | undefined = []

  override resume(): void {
    const early = this.#early ?? []
    this.#early = undefined
    for (const bytes of early) this.take(bytes, bytes.length)
    super.resume()
  }

  protected override received(buffer: Buffer, bytes: number): void {
    if (this.#early === undefined) this.take(buffer, bytes)
    else {
      this.#early.push(Buffer.from(buffer.subarray(0, bytes)))
      this.pause()
    }
  }

  protected take(buffer: Buffer, bytes: number): void {
    super.received(buffer, bytes)
  }
}

/**
 * For TLS, which hands over each record by itself, however many came with one read: into one buffer again and again, as
 * above, and gathered from there. A buffer for each record was a quarter of the CPU of a subscriber, for the garbage.
 * TLS reads from the handshake on.
 */
export class RecordSource extends EarlySource {
  readonly #wakeUp = new WakeUpBytes((bytes) => this.onBytes(bytes))

  override flush(): void {
    this.#wakeUp.flush()
  }

  protected override take(buffer: Buffer, bytes: number): void {
    this.#wakeUp.copy(buffer, bytes)
  }
}

/** For sockets that somebody else made: unless one is plain, it hands over several buffers in one wake-up. */
export class DataEventSource implements ByteSource {
  readonly #socket: Duplex
  readonly #isPlain: boolean
  readonly #wakeUp = new WakeUpBytes(ignore)
  #listening = false

  constructor(socket: Duplex, isPlain = false) {
    this.#socket = socket
    this.#isPlain = isPlain
  }

  get onBytes(): (bytes: Buffer) => void {
    return this.#wakeUp.deliver
  }

  set onBytes(receive: (bytes: Buffer) => void) {
    this.#wakeUp.deliver = receive
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    if (!this.#listening) this.#socket.on('data', (bytes: Buffer) => this.#took(bytes))
    this.#listening = true
    this.#socket.resume()
  }

  flush(): void {
    this.#wakeUp.flush()
  }

  #took(bytes: Buffer): void {
    if (this.#isPlain) this.#wakeUp.deliver(bytes)
    else this.#wakeUp.take(bytes)
  }
}
