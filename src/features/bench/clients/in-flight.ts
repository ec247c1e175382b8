const firstSlots = 64

/** Each unacknowledged message's number, when it was due and when it left, by slot: as many slots as there ever were at once. */
export class InFlight {
  #intended = new Float64Array(firstSlots)
  #sent = new Float64Array(firstSlots)
  #sequence = new Float64Array(firstSlots)
  readonly #free: number[] = []
  #used = 0

  begin(intendedMicroseconds: number, sentMicroseconds: number, sequence: number): number {
    const slot = this.#free.pop() ?? this.#grow()
    this.#intended[slot] = intendedMicroseconds
    this.#sent[slot] = sentMicroseconds
    this.#sequence[slot] = sequence
    return slot
  }

  /** The last `begin` came to nothing, or its message found its end. */
  end(slot: number): void {
    this.#free.push(slot)
  }

  intendedMicroseconds(slot: number): number {
    return this.#intended[slot]!
  }

  sentMicroseconds(slot: number): number {
    return this.#sent[slot]!
  }

  sequence(slot: number): number {
    return this.#sequence[slot]!
  }

  #grow(): number {
    if (this.#used === this.#intended.length) {
      this.#intended = doubled(this.#intended)
      this.#sent = doubled(this.#sent)
      this.#sequence = doubled(this.#sequence)
    }
    return this.#used++
  }
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}
