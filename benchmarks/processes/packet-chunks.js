// PUBLISH packets with a numbered 60-byte payload, many to a buffer, for next to nothing: a buffer is built once, and
// then only its numbers are written anew.
export const topic = 'bench/lines'
export const digits = 10
export const payloadBytes = 60

/** Line `number` of every workload here: the number first, so that a reader can tell what is lost, doubled or late. */
export function lineOf(number) {
  return `${String(number).padStart(digits, '0')} ${'abcdefghijklmnopqrstuvwxyz-0123456789-'.repeat(2).slice(0, payloadBytes - digits - 1)}`
}

export class PacketChunks {
  #qos
  #headerBytes
  #packetBytes
  #count
  #sent = 0
  #spare = []
  #perChunk

  /** `level`: 4 or 5, the protocol level in CONNECT. */
  constructor({ count, qos, level, perChunk }) {
    const header = [0x30 | (qos << 1), 0, 0, topic.length, ...Buffer.from(topic)]
    if (qos > 0) header.push(0, 0)
    if (level === 5) header.push(0)
    header[1] = header.length - 2 + payloadBytes
    this.#qos = qos
    this.#count = count
    this.#perChunk = perChunk
    this.#headerBytes = header.length
    this.#packetBytes = header.length + payloadBytes
    this.header = Buffer.from(header)
  }

  get remaining() {
    return this.#count - this.#sent
  }

  /** The next packets, or undefined after the last. Give the buffer back with `reuse` once it was written. */
  next() {
    const messages = Math.min(this.#perChunk, this.remaining)
    if (messages === 0) return undefined
    const chunk = this.#spare.pop() ?? this.#build()
    for (let index = 0; index < messages; index++) this.#number(chunk, index * this.#packetBytes, ++this.#sent)
    return { bytes: chunk.subarray(0, messages * this.#packetBytes), messages, reuse: () => this.#spare.push(chunk) }
  }

  #build() {
    const packet = Buffer.concat([this.header, Buffer.from(lineOf(0))])
    return Buffer.concat(Array(this.#perChunk).fill(packet))
  }

  #number(chunk, at, number) {
    const payloadAt = at + this.#headerBytes
    if (this.#qos > 0) {
      const id = ((number - 1) % 65_000) + 1
      chunk[at + 4 + topic.length] = id >> 8
      chunk[at + 5 + topic.length] = id & 0xff
    }
    for (let position = payloadAt + digits - 1, rest = number; rest > 0; position--) {
      chunk[position] = 48 + (rest % 10)
      rest = Math.floor(rest / 10)
    }
  }
}
