// Transport: TCP, TLS, WebSocket and unix sockets, as bytes in both directions. It knows nothing of MQTT. Begin here, go on with
// `open-transport.ts`; `server/` and `listen.ts` are the side that accepts, `tap.ts` copies what passes.
import type { SecureContext } from 'node:tls'
import type { MqttCliError } from '../../errors.ts'
import type { ConnectionSettings } from '../settings.ts'

/** Bytes in both directions, whatever carries them. The byte path: nothing here may cost more than it must. */
export interface Transport {
  /**
   * Inbound bytes. The buffer may be reused after the callback returns: copy what you keep, unless it holds more than
   * `largestReusedBytes`. Reading begins when this is first set, so a server that speaks first loses nothing. After
   * `end()` it is not called any more.
   */
  onBytes: (bytes: Buffer) => void
  /**
   * Exactly once, however it ended: `undefined` after the peer's FIN, `end()` or `destroy()`. A TLS alert that refuses
   * us after the handshake (TLS 1.3) is 'unreachable', a text frame on a WebSocket 'protocol', everything else 'lost'.
   * Who sets it only after the end is told all the same.
   */
  onClose: (cause: MqttCliError | undefined) => void
  /** Called once for each time that `write` returned false, when everything was handed to the kernel. */
  onDrain: () => void
  /**
   * Set before the first read: the peer's FIN is told here, once, and ends the inbound half alone; ours goes on until
   * `finish()`. Left undefined, a FIN closes. A WebSocket has no halves, and never calls it.
   */
  onEnd: (() => void) | undefined
  /**
   * Writes whole buffers; returns false when the caller should wait for onDrain (the bytes are taken all the same).
   * The caller must not touch the buffer again until `written`. After `end()` or the close, `written` gets an error.
   */
  write(bytes: Buffer, written?: (error?: Error | null) => void): boolean
  /** Bytes not yet handed to the kernel. */
  readonly writableLength: number
  /**
   * Bytes that the peer's kernel has of what was written, as far as ours tells, with all that carries them. Not cheap:
   * for who wonders whether a slow line still moves.
   */
  readonly leftBytes: number
  /** Bytes that came so far, with all that carries them: of a large WebSocket message none is passed on before the last. */
  readonly arrivedBytes: number
  /** Stops reading. TCP and unix sockets stop at once; over TLS and WebSocket what was already read may still come. */
  pause(): void
  resume(): void
  /** FIN after what was written; closed when the peer closes too, or after a second. What arrives is thrown away. */
  end(): void
  /**
   * As `end`, and closed as soon as all of it is with the kernel, which sees to the rest: over TLS the close_notify too,
   * over WebSocket the close frame. Only where the peer has no more to say than its own end: what else comes to a closed
   * socket resets it, and what was sent last could be lost with that.
   */
  depart(): void
  /**
   * FIN after what was written; unlike after `end()`, what the peer still sends is read, however long it takes. Over
   * WebSocket this begins the closing handshake, which ends within a second.
   */
  finish(): void
  destroy(): void
  /** As `destroy`, and TCP tells the peer by RST: what was written last may be lost. TLS, WebSocket: just `destroy`. */
  reset(): void
  /** 'tcp 127.0.0.1:1883'. No secrets. */
  readonly description: string
}

/** Microseconds from the start of opening to the end of each step that there was. */
export interface TransportTimings {
  readonly dnsMicroseconds?: number
  readonly tcpMicroseconds?: number
  readonly tlsMicroseconds?: number
  readonly websocketMicroseconds?: number
}

export interface TransportOpened {
  readonly transport: Transport
  readonly timings: TransportTimings
}

/** What stays from one opening to the next, for who connects again and again. */
export interface TransportMemory {
  /** From the last TLS files that could be used. */
  secureContext?: SecureContext
  /** By certificate and key, for who has many clients: each is loaded once, and serves again when its client comes back. */
  readonly contexts?: Map<string, Promise<SecureContext>>
  /** They cannot be used now, and the last ones serve again. */
  readonly stale?: (error: MqttCliError) => void
}

export type TransportSettings = Pick<ConnectionSettings, 'target' | 'tls' | 'bindAddress' | 'noDelay'> &
  /** For what a web server may repeat of them. */
  Partial<Pick<ConnectionSettings, 'password' | 'properties'>>
