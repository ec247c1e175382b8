import type { MqttCliError } from '../../errors.ts'
import { acceptedInOldForm, unexpectedSession } from '../../protocol/session/order-violations.ts'
import type { Connack, ProtocolVersion } from '../../protocol/wire/packet.ts'
import type { Violation } from '../../protocol/wire/violation.ts'
import type { ConnectRequest } from '../driver/session-driver.ts'

const oldConnackBytes = 4

/** CONNECT is on its way, CONNACK is not here. Dropped with CONNACK: a connection that stands keeps nothing of it. */
export class Opening {
  readonly answered: (connack: Connack) => void
  readonly failed: (error: MqttCliError) => void
  readonly #request: ConnectRequest

  constructor(request: ConnectRequest, answered: (connack: Connack) => void, failed: (error: MqttCliError) => void) {
    this.#request = request
    this.answered = answered
    this.failed = failed
  }

  /** What this CONNACK may not say to that CONNECT. */
  violationOf(connack: Connack, inOldForm: boolean): Violation | undefined {
    const unexpected = unexpectedSession(connack, this.#request)
    if (unexpected !== undefined) return unexpected
    return inOldForm && connack.reasonCode === 0 ? acceptedInOldForm() : undefined
  }
}

/** CONNACK in four bytes to a CONNECT of MQTT 5: an older server's words. */
export function isInOldForm(version: ProtocolVersion, connackBytes: number): boolean {
  return version === 5 && connackBytes === oldConnackBytes
}
