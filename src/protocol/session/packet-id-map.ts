/**
 * A map from 16-bit numbers (packet identifiers, topic aliases) that is never changed: `withEntry` returns another map,
 * which shares all but four small arrays with the old one. So the conversation stays pure at any number in flight.
 */
export interface PacketIdMap<T> {
  readonly size: number
  readonly root: Branch<T> | undefined
}

type Branch<T> = readonly (Branch<T> | T | undefined)[]

const bitsPerLevel = 4
const slotsPerLevel = 1 << bitsPerLevel
const topShift = 12

export const emptyIdMap: PacketIdMap<never> = { size: 0, root: undefined }

export function entryOf<T>(map: PacketIdMap<T>, id: number): T | undefined {
  let branch = map.root
  for (let shift = topShift; shift > 0; shift -= bitsPerLevel) branch = branch?.[slotOf(id, shift)] as Branch<T>
  return branch?.[slotOf(id, 0)] as T | undefined
}

export function withEntry<T>(map: PacketIdMap<T>, id: number, value: T): PacketIdMap<T> {
  const grows = entryOf(map, id) === undefined
  return { size: map.size + (grows ? 1 : 0), root: replace(map.root, id, value, topShift) }
}

export function withoutEntry<T>(map: PacketIdMap<T>, id: number): PacketIdMap<T> {
  if (entryOf(map, id) === undefined) return map
  if (map.size === 1) return emptyIdMap // emptied branches go too
  return { size: map.size - 1, root: replace(map.root, id, undefined, topShift) }
}

/** All entries, by ascending number. */
export function* entriesOf<T>(map: PacketIdMap<T>): Generator<T> {
  if (map.root !== undefined) yield* entriesBelow(map.root, topShift)
}

function* entriesBelow<T>(branch: Branch<T>, shift: number): Generator<T> {
  for (const slot of branch) {
    if (slot === undefined) continue
    if (shift === 0) yield slot as T
    else yield* entriesBelow(slot as Branch<T>, shift - bitsPerLevel)
  }
}

function replace<T>(branch: Branch<T> | undefined, id: number, value: T | undefined, shift: number): Branch<T> {
  const copy = branch === undefined ? new Array<Branch<T> | T | undefined>(slotsPerLevel).fill(undefined) : [...branch]
  const slot = slotOf(id, shift)
  copy[slot] = shift === 0 ? value : replace(branch?.[slot] as Branch<T> | undefined, id, value, shift - bitsPerLevel)
  return copy
}

function slotOf(id: number, shift: number): number {
  return (id >> shift) & (slotsPerLevel - 1)
}
