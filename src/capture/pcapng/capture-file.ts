// Capture: conversations as files that Wireshark reads. It is given bytes and times, and has neither sockets nor clocks.
// Begin here: the file; `connection-capture.ts` is one connection in it, `tcp-synthesizer.ts` the TCP around its bytes.

import { closeSync, openSync, writeSync } from 'node:fs'
import { MqttCliError } from '../../errors.ts'
import { enhancedPacket, interfaceDescription, sectionHeader } from './blocks.ts'
import { ConnectionCapture } from './connection-capture.ts'
import { endpointOf } from './endpoint.ts'
import { TcpSynthesizer } from './tcp-synthesizer.ts'

/** Written to the file when so many bytes have gathered, or so long after the first of them. */
const gatheredBytes = 256 * 1024
const flushMs = 100

/** Wireshark takes this port for MQTT without being told, whatever ours is. */
const mqttPort = 1883

interface CaptureOptions {
  readonly path: string
  /** Since 1970, when the clock that the times are told by was 0. */
  readonly startEpochMicroseconds: number
  /** Passwords and authentication data as they were; otherwise each of their bytes is a `*`. */
  readonly showSecrets: boolean
  /** Called once, when the file cannot be written any more. */
  readonly failed: (error: MqttCliError) => void
}

/**
 * A pcapng file of the clients' side of a proxy. Whatever carried MQTT, in the file it is TCP to port 1883. Written
 * synchronously: while the disk is slow, nothing more is read.
 */
export class CaptureFile {
  readonly #options: CaptureOptions
  readonly #file: number
  #gathered: Buffer[] = []
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  #isBroken = false

  constructor(options: CaptureOptions) {
    this.#options = options
    this.#file = opened(options.path)
    this.#add(sectionHeader('mqtt-cli inspect proxy'))
    this.#add(interfaceDescription('client side'))
    this.flush()
  }

  /** `remote` is a client's address. */
  open(remote: string, atMicroseconds: number): ConnectionCapture {
    const client = endpointOf(remote)
    const isIpv4 = client.address.length === 4
    const server = endpointOf(`${isIpv4 ? '127.0.0.1' : '::1'}:${mqttPort}`)
    const write = (frames: readonly Buffer[], at: number) => this.#write(frames, at)
    const capture = new ConnectionCapture(new TcpSynthesizer(client, server), write, this.#options.showSecrets)
    capture.opened(atMicroseconds)
    return capture
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const bytes = Buffer.concat(this.#gathered)
    this.#gathered = []
    this.#bytes = 0
    if (this.#isBroken) return
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at)
    } catch (error) {
      this.#isBroken = true
      this.#options.failed(cannotWrite(this.#options.path, error))
    }
  }

  close(): void {
    this.flush()
    this.#isBroken = true
    closeSync(this.#file)
  }

  #write(frames: readonly Buffer[], atMicroseconds: number): void {
    const epoch = this.#options.startEpochMicroseconds + Math.round(atMicroseconds)
    for (const frame of frames) this.#add(enhancedPacket(epoch, frame))
    if (this.#bytes >= gatheredBytes) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), flushMs)
  }

  #add(block: Buffer): void {
    this.#gathered.push(block)
    this.#bytes += block.length
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'w', 0o600) // messages are for their owner alone
  } catch (error) {
    throw cannotWrite(path, error)
  }
}

function cannotWrite(path: string, error: unknown): MqttCliError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return new MqttCliError('local-io', `cannot write the capture ${path} (${code})`, {
    layer: 'capture',
    tries: [code === 'ENOSPC' ? 'make room, or write to another disk' : 'check the path and its permissions'],
    facts: { path, code },
    cause: error,
  })
}
