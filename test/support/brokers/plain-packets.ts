/** PUBLISH and SUBSCRIBE by hand, as the standard lays them out: nothing of the code under test. */

/** 3.1 and 3.1.1 are one here. */
export type WireVersion = 4 | 5

export interface PublishedMessage {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly id: number
}

type QoS = PublishedMessage['qos']

export function readPublish(bytes: Buffer, version: WireVersion): PublishedMessage {
  const qos = ((bytes[0]! >> 1) & 3) as QoS
  let at = headerBytes(bytes)
  const topicEnd = at + 2 + bytes.readUInt16BE(at)
  const topic = bytes.toString('utf8', at + 2, topicEnd)
  at = topicEnd
  const id = qos === 0 ? 0 : bytes.readUInt16BE(at)
  if (qos > 0) at += 2
  if (version === 5) at += 1 + bytes[at]! // properties below 128 bytes
  return { topic, payload: Buffer.from(bytes.subarray(at)), qos, id }
}

export function publishPacket(
  { topic, payload }: PublishedMessage,
  qos: QoS,
  id: number,
  version: WireVersion,
): Buffer {
  const name = Buffer.from(topic)
  const identifier = qos === 0 ? [] : [id >> 8, id & 0xff]
  const properties = version === 5 ? [0] : []
  const variable = Buffer.from([name.length >> 8, name.length & 0xff, ...name, ...identifier, ...properties])
  const length = lengthBytes(variable.length + payload.length)
  return Buffer.concat([Buffer.from([0x30 | (qos << 1), ...length]), variable, payload])
}

export function readSubscribe(bytes: Buffer, version: WireVersion) {
  let at = headerBytes(bytes)
  const id = bytes.readUInt16BE(at)
  at += 2
  if (version === 5) at += 1 + bytes[at]!
  const filters: [filter: string, qos: QoS][] = []
  while (at < bytes.length) {
    const end = at + 2 + bytes.readUInt16BE(at)
    filters.push([bytes.toString('utf8', at + 2, end), (bytes[end]! & 3) as QoS])
    at = end + 1
  }
  return { id, filters }
}

function headerBytes(bytes: Buffer): number {
  return 2 + bytes.subarray(1).findIndex((byte) => byte < 0x80)
}

function lengthBytes(length: number): number[] {
  const more = Math.floor(length / 128)
  return more === 0 ? [length] : [(length % 128) | 0x80, ...lengthBytes(more)]
}
