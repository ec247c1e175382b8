/** The blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, with times in microseconds. */

const sectionHeaderType = 0x0a0d0d0a
const interfaceType = 1
const enhancedPacketType = 6
const byteOrderMagic = 0x1a2b3c4d
const wholeSectionLength = Buffer.alloc(8, 0xff) // not known before the end
const ethernetLinkType = 1
const endOfOptions = 0
const applicationOption = 4
const interfaceNameOption = 2

/** Begins the file. */
export function sectionHeader(application: string): Buffer {
  const start = Buffer.alloc(8)
  start.writeUInt32LE(byteOrderMagic, 0)
  start.writeUInt16LE(1, 4) // version 1.0
  return block(sectionHeaderType, start, wholeSectionLength, options([applicationOption, application]))
}

/** The one interface that all packets are on. Times are microseconds where nothing else is said. */
export function interfaceDescription(name: string): Buffer {
  const start = Buffer.alloc(8)
  start.writeUInt16LE(ethernetLinkType, 0)
  return block(interfaceType, start, options([interfaceNameOption, name])) // a snapshot length of 0 cuts nothing off
}

/** One Ethernet frame, at so many microseconds since 1970. */
export function enhancedPacket(epochMicroseconds: number, frame: Buffer): Buffer {
  const start = Buffer.alloc(20)
  start.writeUInt32LE(Math.floor(epochMicroseconds / 2 ** 32), 4)
  start.writeUInt32LE(epochMicroseconds % 2 ** 32, 8)
  start.writeUInt32LE(frame.length, 12)
  start.writeUInt32LE(frame.length, 16)
  return block(enhancedPacketType, start, padded(frame))
}

function options(...all: readonly (readonly [code: number, text: string])[]): Buffer {
  const written = all.map(([code, text]) => {
    const head = Buffer.alloc(4)
    head.writeUInt16LE(code, 0)
    head.writeUInt16LE(Buffer.byteLength(text), 2)
    return Buffer.concat([head, padded(Buffer.from(text))])
  })
  return Buffer.concat([...written, Buffer.alloc(4, endOfOptions)])
}

/** Type, total length, body, total length again. */
function block(type: number, ...body: readonly Buffer[]): Buffer {
  const length = 12 + body.reduce((sum, part) => sum + part.length, 0)
  const head = Buffer.alloc(8)
  head.writeUInt32LE(type, 0)
  head.writeUInt32LE(length, 4)
  const tail = Buffer.alloc(4)
  tail.writeUInt32LE(length, 0)
  return Buffer.concat([head, ...body, tail])
}

function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % 4
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)])
}
