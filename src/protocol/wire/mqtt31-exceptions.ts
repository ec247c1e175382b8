import type { PacketType } from './packet.ts'

/** Where MQTT 3.1 lets through what 3.1.1 and 5 refuse, and what our decoder does about it. Nothing else differs. */
export const looser31 = {
  dupFlag: {
    packets: ['pubrel', 'subscribe', 'unsubscribe'] as readonly PacketType[],
    because: 'MQTT 3.1 sends these again with DUP after a timeout (§2.1); from 3.1.1 on the flag is reserved in them.',
  },
  missingCredentials: {
    packets: ['connect'] as readonly PacketType[],
    because:
      'MQTT 3.1 lets the packet end before a user name or password that its flags announce (§3.1): the length wins over the flag.',
  },
  freeBytes: {
    packets: ['connect'] as readonly PacketType[],
    because:
      'MQTT 3.1 calls the password and the will message strings; brokers and clients send any bytes there, so UTF-8 is not asked for.',
  },
  longClientIdentifier: {
    packets: ['connect'] as readonly PacketType[],
    because: 'MQTT 3.1 allows 23 characters; every broker takes more, and refusing is for the broker (CONNACK 2).',
  },
} as const

/** And the one place where it is narrower: SUBACK has no failure code 0x80 there (`reason-codes.ts` holds that). */
export function mayCarryDup31(packet: PacketType): boolean {
  return looser31.dupFlag.packets.includes(packet)
}
