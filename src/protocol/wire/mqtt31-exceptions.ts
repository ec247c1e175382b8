import type { PacketType } from './packet.ts'

// Where MQTT 3.1 lets through what 3.1.1 and 5 refuse, and why our decoder does. Nothing else differs.
//
// DUP: MQTT 3.1 sends PUBREL, SUBSCRIBE and UNSUBSCRIBE again with DUP after a timeout (§2.1); from 3.1.1 on the flag is
//   reserved in them.
// Unused flags: those of the fixed header of CONNECT, and the lowest of the connect flags, are “not used” in MQTT 3.1
//   (§3.1), and reserved from 3.1.1 on.
// Missing credentials: MQTT 3.1 lets CONNECT end before a user name or password that its flags announce (§3.1): the
//   length wins over the flag.
// Free bytes: MQTT 3.1 calls the password and the will message strings; brokers and clients send any bytes there, so
//   UTF-8 is not asked for.
// Client identifier: MQTT 3.1 allows 23 characters; every broker takes more, and refusing is for the broker (CONNACK 2).
//
// And the one place where it is narrower: SUBACK has no failure code 0x80 there (`reason-codes.ts` holds that).

const sentAgainWithDup: ReadonlySet<PacketType> = new Set(['pubrel', 'subscribe', 'unsubscribe'])

/** Which of the flags beside the packet type MQTT 3.1 prescribes; from 3.1.1 on it is all four. */
export function prescribedFlags31(packet: PacketType): number {
  if (packet === 'connect') return 0
  return sentAgainWithDup.has(packet) ? 0x07 : 0x0f
}
