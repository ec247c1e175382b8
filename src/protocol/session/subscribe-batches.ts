/** Of remaining length. */
const largestPacketBytes = 268_435_455
/** Fixed header, packet identifier and property length at their longest. */
const headerBytes = 5 + 2 + 4

/**
 * Topic filters in as many runs as the server's Maximum Packet Size, and the most in one packet, make necessary, in order. A filter that fits into
 * no packet stands alone, for the server to refuse. `propertiesBytes` are sent again with each run.
 */
export function subscribeBatches<Item>(
  items: readonly Item[],
  filterOf: (item: Item) => string,
  maximumPacketSize = largestPacketBytes,
  propertiesBytes = 0,
  mostItems = Number.POSITIVE_INFINITY,
): Item[][] {
  const room = maximumPacketSize - headerBytes - propertiesBytes
  const batches: Item[][] = []
  let bytesLeft = 0
  for (const item of items) {
    const bytes = 2 + Buffer.byteLength(filterOf(item)) + 1 // length, filter, subscription options
    if (bytes > bytesLeft || (batches.at(-1)?.length ?? mostItems) >= mostItems) {
      batches.push([])
      bytesLeft = room
    }
    batches.at(-1)?.push(item)
    bytesLeft -= bytes
  }
  return batches
}
