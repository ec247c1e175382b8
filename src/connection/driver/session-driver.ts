// Driver: who keeps the session on one network connection. It owns no socket and no timer, publishes nothing and reconnects
// nothing. Begin here: this is what a driver is; `lean-driver.ts` is ours, `mqttjs-driver.ts` the only file that imports mqtt.
import type {
  Connect,
  Packet,
  Properties,
  ProtocolVersion,
  Suback,
  SubscriptionRequest,
  Unsuback,
  Will,
} from '../../protocol/wire/packet.ts'

/** What CONNECT says on this network connection. */
export interface ConnectRequest {
  readonly version: ProtocolVersion
  readonly clientId: string
  readonly cleanStart: boolean
  /** Whether Session Present in CONNACK can be true: a session of the user's, or one that we began. */
  readonly mayResume: boolean
  readonly keepAliveSeconds: number
  readonly username?: string
  readonly password?: Uint8Array
  readonly properties: Properties
  readonly will?: Will
}

/** How a driver puts packets on the wire. */
export interface DriverOutput {
  /** One or more whole control packets. They leave in this order, at once. */
  send(packets: Buffer): void
}

/**
 * The session on one network connection: CONNECT, SUBSCRIBE, UNSUBSCRIBE, DISCONNECT. Publishing and pings are not its
 * work. Two drivers do it, and put the same bytes on the wire: one by mqtt.js, one lean.
 */
export interface SessionDriver {
  connect(request: ConnectRequest): void
  /** Settles once the driver has taken in a CONNACK of success: SUBSCRIBE may follow. */
  ready(): Promise<void>
  subscribe(subscriptions: readonly SubscriptionRequest[], properties: Properties): Promise<Suback>
  unsubscribe(filters: readonly string[], properties: Properties): Promise<Unsuback>
  /** A control packet that passed the gate. `wire` is only valid during the call. */
  received(packet: Packet, wire: Buffer): void
  /** Sends DISCONNECT, and settles when it is on its way; nothing is sent after it [MQTT-3.14.4-1]. */
  disconnect(reasonCode: number, properties: Properties): Promise<void>
  /** The network connection is gone. */
  closed(): void
}

/** Packet identifiers of SUBSCRIBE and UNSUBSCRIBE: above those of the data plane, so that the two never meet. */
export const lowestRequestId = 65_436
export const highestRequestId = 65_535

export function connectPacket({ mayResume: _, ...fields }: ConnectRequest): Connect {
  return { type: 'connect', ...fields }
}
