import type { PacketVector } from './packet-vector.ts'

const versions = [3, 4, 5] as const

/** PINGREQ, PINGRESP, DISCONNECT and AUTH. */
export const connectionVectors: readonly PacketVector[] = [
  ...versions.map(
    (version): PacketVector => ({
      name: `PINGREQ at level ${version}`,
      version,
      sender: 'client',
      hex: 'c0 00',
      packet: { type: 'pingreq' },
    }),
  ),
  ...versions.map(
    (version): PacketVector => ({
      name: `PINGRESP at level ${version}`,
      version,
      sender: 'server',
      hex: 'd0 00',
      packet: { type: 'pingresp' },
    }),
  ),
  ...versions.map(
    (version): PacketVector => ({
      name: `DISCONNECT at level ${version}`,
      version,
      sender: 'client',
      hex: 'e0 00',
      packet: { type: 'disconnect', reasonCode: 0, properties: {} },
    }),
  ),
  {
    name: 'DISCONNECT 5 with will, and no Property Length',
    version: 5,
    sender: 'client',
    hex: 'e0 01 04',
    packet: { type: 'disconnect', reasonCode: 4, properties: {} },
    canonical: false,
  },
  {
    name: 'DISCONNECT 5 with will',
    version: 5,
    sender: 'client',
    hex: 'e0 02 04 00',
    packet: { type: 'disconnect', reasonCode: 4, properties: {} },
  },
  {
    name: 'DISCONNECT 5 that ends the session',
    version: 5,
    sender: 'client',
    hex: 'e0 07 00 05 11 00000000',
    packet: { type: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } },
  },
  {
    name: 'DISCONNECT 5 from a server that moved',
    version: 5,
    sender: 'server',
    hex: 'e0 0f 9d 0d 1c 0001 62 1f 0001 6d 26 0000 0000',
    packet: {
      type: 'disconnect',
      reasonCode: 0x9d,
      properties: { serverReference: 'b', reasonString: 'm', userProperties: [['', '']] },
    },
  },
  {
    name: 'AUTH 5 success, left out',
    version: 5,
    sender: 'server',
    hex: 'f0 00',
    packet: { type: 'auth', reasonCode: 0, properties: {} },
  },
  {
    name: 'AUTH 5 continue',
    version: 5,
    sender: 'client',
    hex: 'f0 0a 18 08 15 0001 6d 16 0001 64',
    packet: {
      type: 'auth',
      reasonCode: 0x18,
      properties: { authenticationMethod: 'm', authenticationData: Buffer.from('d') },
    },
  },
  {
    name: 'AUTH 5 anew',
    version: 5,
    sender: 'client',
    hex: 'f0 0a 19 08 15 0001 6d 1f 0001 78',
    packet: { type: 'auth', reasonCode: 0x19, properties: { authenticationMethod: 'm', reasonString: 'x' } },
  },
]
