import { type ServerLimits, serverLimits } from '../protocol/session/server-limits.ts'
import type { Connack, Connect, ProtocolVersion } from '../protocol/wire/packet.ts'
import type { InspectedPacket } from './inspected-packet.ts'

/** One stretch of the way from a name to a subscription. Microseconds since opening began. */
export interface OpeningStep {
  readonly step: 'DNS' | 'TCP' | 'TLS' | 'WebSocket' | 'CONNACK' | 'SUBACK'
  readonly startMicroseconds: number
  readonly endMicroseconds: number
}

/** How a connection came to stand, and what CONNACK means for this client. */
export interface Opening {
  readonly connection: number
  readonly protocolVersion: ProtocolVersion
  readonly steps: readonly OpeningStep[]
  /** What CONNECT asked for. No secret is kept. */
  readonly asked?: Pick<Connect, 'clientId' | 'keepAliveSeconds' | 'cleanStart'>
  readonly connack?: Connack
  /** With the standard's defaults filled in; absent without a CONNACK that accepts. */
  readonly limits?: ServerLimits
}

export interface FirstMessage {
  readonly connection: number
  /** Since opening began. */
  readonly atMicroseconds: number
  /** Since SUBACK, or since CONNACK where the message came before it. */
  readonly elapsedMicroseconds: number
}

/** Follows one network connection from its first step to its first message. */
export class OpeningWatch {
  readonly #connection: number
  readonly #steps: OpeningStep[]
  /** The source's clock when opening began. */
  readonly #beganMicroseconds: number
  #connect: Connect | undefined
  #connack: Connack | undefined
  #version: ProtocolVersion = 5
  #sentAtMicroseconds = 0
  #message: FirstMessage | undefined

  /** `steps`: of the transport. `openedMicroseconds`: on the source's clock, when it stood. */
  constructor(connection: number, steps: readonly OpeningStep[], openedMicroseconds: number) {
    this.#connection = connection
    this.#steps = [...steps]
    this.#beganMicroseconds = openedMicroseconds - this.#lastMicroseconds
  }

  /** True when the packet was the last that the opening waits for: the answer to SUBSCRIBE, or a refusal. */
  take({ packet: sound, readable: packet = sound, version, atMicroseconds }: InspectedPacket): boolean {
    const at = Math.max(0, Math.round(atMicroseconds - this.#beganMicroseconds))
    this.#version = version
    if (packet?.type === 'connect') this.#connect = packet
    if (packet?.type === 'connect' || packet?.type === 'subscribe') this.#sentAtMicroseconds = at
    if (packet?.type === 'connack') {
      this.#connack = packet
      this.#add('CONNACK', at)
      return packet.reasonCode !== 0
    }
    if (packet?.type !== 'suback' || this.#has('SUBACK')) return false
    this.#add('SUBACK', at)
    return true
  }

  /** The first PUBLISH from the server; undefined for any later one. */
  firstMessage(atMicroseconds: number): FirstMessage | undefined {
    if (this.#message !== undefined) return undefined
    const at = Math.round(atMicroseconds - this.#beganMicroseconds)
    this.#message = {
      connection: this.#connection,
      atMicroseconds: at,
      elapsedMicroseconds: at - this.#lastMicroseconds,
    }
    return this.#message
  }

  opening(): Opening {
    const connack = this.#connack
    return {
      connection: this.#connection,
      protocolVersion: this.#version,
      steps: [...this.#steps],
      ...(this.#connect !== undefined && { asked: askedIn(this.#connect) }),
      ...(connack !== undefined && { connack }),
      ...(connack?.reasonCode === 0 && { limits: serverLimits(connack, this.#version) }),
    }
  }

  get #lastMicroseconds(): number {
    return this.#steps.at(-1)?.endMicroseconds ?? 0
  }

  #has(step: OpeningStep['step']): boolean {
    return this.#steps.some((known) => known.step === step)
  }

  #add(step: OpeningStep['step'], endMicroseconds: number): void {
    this.#steps.push({ step, startMicroseconds: this.#sentAtMicroseconds, endMicroseconds })
  }
}

function askedIn({ clientId, keepAliveSeconds, cleanStart }: Connect): Opening['asked'] {
  return { clientId, keepAliveSeconds, cleanStart }
}
