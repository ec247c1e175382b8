import assert from 'node:assert/strict'
import { type Packet, parser } from 'mqtt-packet'
import { startMosquitto } from '../brokers/mosquitto.ts'
import { startCuttingProxy } from '../network/cutting-proxy.ts'

interface Seen<Result> {
  readonly result: Result
  /** What clients sent, connection by connection. */
  readonly packets: readonly Packet[]
}

/** What a mosquitto gets from whoever runs against it with these flags, by another decoder than ours. */
export async function seenByBroker<Result>(run: (flags: readonly string[]) => Promise<Result>): Promise<Seen<Result>> {
  const broker = await startMosquitto()
  const proxy = await startCuttingProxy(broker.port)
  try {
    const result = await run(proxy.flags)
    const packets = proxy.lines.flatMap((line) => line.packetsFrom('client').map(({ bytes }) => decoded(bytes)))
    return { result, packets }
  } finally {
    proxy.close()
    await broker.stop()
  }
}

function decoded(bytes: Buffer): Packet {
  const packets: Packet[] = []
  const decoder = parser({ protocolVersion: 5 })
  decoder.on('packet', (packet) => packets.push(packet))
  decoder.parse(bytes)
  assert.equal(packets.length, 1)
  return packets[0]!
}
