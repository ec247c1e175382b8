import type { Connect } from '../../protocol/wire/packet.ts'
import type { AedesBroker, AedesClient, Deliver } from './aedes-broker.ts'
import { connectForAedes, willForAedes } from './aedes-packets.ts'
import { AedesDoor, type DoorListeners } from './aedes-socket.ts'

export interface AedesEntry {
  readonly door: AedesDoor
  readonly client: AedesClient
}

/** Brings a client that the gate let through to aedes, which answers with CONNACK by `listeners.onPacket`. */
export function enterAedes(
  aedes: AedesBroker,
  connect: Connect,
  listeners: DoorListeners,
  deliver: Deliver,
): AedesEntry {
  const door = new AedesDoor(connect.version, willForAedes(connect), listeners)
  const client = aedes.handle(door)
  client.subscriptions = Object.create(null) // a filter called `constructor` would be found in an ordinary object
  client.deliver0 = deliver
  client.deliverQoS = deliver
  door.pass(connectForAedes(connect))
  return { door, client }
}
