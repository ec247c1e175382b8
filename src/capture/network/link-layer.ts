const ethernetType = 1
const nullTypes = new Set([0, 108])
const rawIpTypes = new Set([12, 14, 101, 228, 229])
const linuxCookedType = 113
const linuxCooked2Type = 276
const etherTypes = { ipv4: 0x0800, ipv6: 0x86dd } as const
/** 802.1Q, 802.1ad, and what older switches put around them. */
const vlanTags = new Set([0x8100, 0x88a8, 0x9100])

/** Where the IP packet of a frame begins; undefined when there is none in it, or the link layer is one we do not know. */
export function ipOffset(linkType: number, frame: Buffer): number | undefined {
  if (linkType === ethernetType) return behindEtherType(frame, 12)
  if (linkType === linuxCookedType) return behindEtherType(frame, 14)
  if (linkType === linuxCooked2Type) return behindEtherType(frame, 0, 20)
  if (nullTypes.has(linkType)) return frame.length > 4 ? 4 : undefined // the family, in the byte order of who captured
  return rawIpTypes.has(linkType) ? 0 : undefined
}

/** Whether frames of this link type can be read at all. */
export function isKnownLinkType(linkType: number): boolean {
  return [ethernetType, linuxCookedType, linuxCooked2Type].includes(linkType) || isWithoutHeader(linkType)
}

function isWithoutHeader(linkType: number): boolean {
  return nullTypes.has(linkType) || rawIpTypes.has(linkType)
}

/** `typeAt`: where the EtherType stands; `dataAt`: where what it names begins, right behind it unless told otherwise. */
function behindEtherType(frame: Buffer, typeAt: number, dataAt = typeAt + 2): number | undefined {
  if (frame.length < dataAt) return undefined
  let type = frame.readUInt16BE(typeAt)
  let start = dataAt
  while (vlanTags.has(type)) {
    if (frame.length < start + 4) return undefined
    type = frame.readUInt16BE(start + 2)
    start += 4
  }
  return type === etherTypes.ipv4 || type === etherTypes.ipv6 ? start : undefined
}
