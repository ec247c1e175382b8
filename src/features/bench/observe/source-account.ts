import type { Measure, ObservedFigures, ObservedGap, ObservedSecond } from '../events.ts'
import type { Gap, Reading } from './observed-source.ts'

/** More gaps than these are counted in the last one. */
const mostGaps = 100

/** The second that ends with a reading. */
interface Second {
  readonly isMeasured: boolean
  /** Since the load began, where it ends. */
  readonly second: number
  /** Sent and received in it. */
  readonly messages: number
}

/**
 * What one source told over a run: each second's difference, and the sums. A second without an answer is a gap; where the
 * process is still the same, the next answer has what it used meanwhile.
 */
export class SourceAccount {
  readonly #source: string
  #last: Reading | undefined
  #first: Reading | undefined
  /** Since the last reading. */
  #unaccounted = { messages: 0, isMeasured: true }
  #cpuMicroseconds = 0
  #cpuOverMicroseconds = 0
  #cpuOfMessages = 0
  #memoryAtStart: Measure = null
  #memoryAtEnd: Measure = null
  #memoryMost: Measure = null
  readonly #dropped = new Map<string, number>()
  #restarts = 0
  readonly #gaps: ObservedGap[] = []
  #lastSecond = 0

  constructor(source: string) {
    this.#source = source
  }

  /** How it stood when the load began. */
  begin(reading: Reading | Gap): void {
    if ('gap' in reading) return
    this.#last = reading
    this.#first = reading
    for (const name of Object.keys(reading.dropped ?? {})) this.#dropped.set(name, 0)
    this.#memoryAtStart = this.#memoryAtEnd = this.#memoryMost = reading.memoryBytes ?? null
  }

  take(reading: Reading | Gap, { isMeasured, second, messages }: Second): ObservedSecond {
    const from = this.#lastSecond
    this.#lastSecond = second
    this.#unaccounted.messages += messages
    this.#unaccounted.isMeasured &&= isMeasured
    if ('gap' in reading) return this.#missed(reading.gap, from, second)
    const isNews = reading.atMicroseconds !== this.#last?.atMicroseconds
    const before = this.#continued(reading)
    const cpu = isNews ? this.#cpuSince(before, reading) : null
    const dropped = isNews ? this.#droppedSince(before, reading) : null
    if (isNews) this.#keep(reading)
    return { source: this.#source, cpu, memoryBytes: isNews ? (reading.memoryBytes ?? null) : null, dropped }
  }

  /** How it stood when all was over: what was dropped at last counts, and is no second's. */
  end(reading: Reading | Gap): void {
    if ('gap' in reading || reading.atMicroseconds === this.#last?.atMicroseconds) return
    this.#droppedSince(this.#continued(reading), reading)
    this.#keep(reading)
  }

  /** `startMicroseconds`: when the load began. */
  figures(startMicroseconds: number): ObservedFigures {
    const secondOf = (reading: Reading | undefined) =>
      reading === undefined ? null : Math.round((reading.atMicroseconds - startMicroseconds) / 1e5) / 10
    const over = this.#cpuOverMicroseconds
    return {
      source: this.#source,
      cpu: over > 0 ? this.#cpuMicroseconds / over : null,
      cpuMicrosecondsPerMessage: this.#cpuOfMessages > 0 ? this.#cpuMicroseconds / this.#cpuOfMessages : null,
      memoryBytes: { atStart: this.#memoryAtStart, atEnd: this.#memoryAtEnd, most: this.#memoryMost },
      dropped: Object.fromEntries(this.#dropped),
      restarts: this.#restarts,
      firstSecond: secondOf(this.#first),
      lastSecond: secondOf(this.#last),
      gaps: this.#gaps,
    }
  }

  #missed(reason: string, fromSecond: number, toSecond: number): ObservedSecond {
    const last = this.#gaps.at(-1)
    const goesOn =
      last !== undefined && (last.reason === reason || this.#gaps.length >= mostGaps) && last.toSecond === fromSecond
    if (goesOn) this.#gaps[this.#gaps.length - 1] = { ...last, toSecond }
    else if (this.#gaps.length < mostGaps) this.#gaps.push({ fromSecond, toSecond, reason })
    return { source: this.#source, cpu: null, memoryBytes: null, dropped: null, gap: reason }
  }

  /** The reading before it, of the same process: undefined where there was none, or its counters began anew. */
  #continued(reading: Reading): Reading | undefined {
    const last = this.#last
    if (last === undefined) return undefined
    const isLess = (now: number | undefined, before: number | undefined) =>
      now !== undefined && before !== undefined && now < before
    const hasBegunAnew =
      last.identity !== reading.identity ||
      isLess(reading.cpuMicroseconds, last.cpuMicroseconds) ||
      Object.entries(reading.dropped ?? {}).some(([name, count]) => isLess(count, last.dropped?.[name]))
    if (!hasBegunAnew) return last
    this.#restarts++
    return undefined
  }

  #cpuSince(before: Reading | undefined, reading: Reading): Measure {
    const { messages, isMeasured } = this.#unaccounted
    this.#unaccounted = { messages: 0, isMeasured: true }
    if (before?.cpuMicroseconds === undefined || reading.cpuMicroseconds === undefined) return null
    const used = reading.cpuMicroseconds - before.cpuMicroseconds
    const over = reading.atMicroseconds - before.atMicroseconds
    if (isMeasured) {
      this.#cpuMicroseconds += used
      this.#cpuOverMicroseconds += over
      this.#cpuOfMessages += messages
    }
    return Math.round((used / over) * 1000) / 1000
  }

  /** Of one that began anew, all that it counted since. The first time that it is seen says nothing of before. */
  #droppedSince(before: Reading | undefined, reading: Reading): Measure {
    let sum: Measure = null
    for (const [name, count] of Object.entries(reading.dropped ?? {})) {
      const known = this.#dropped.get(name)
      const more = known === undefined ? 0 : count - (before?.dropped?.[name] ?? 0)
      this.#dropped.set(name, (known ?? 0) + more)
      sum = (sum ?? 0) + more
    }
    return sum
  }

  #keep(reading: Reading): void {
    this.#first ??= reading
    this.#last = reading
    const { memoryBytes } = reading
    if (memoryBytes === undefined) return
    this.#memoryAtStart ??= memoryBytes
    this.#memoryAtEnd = memoryBytes
    this.#memoryMost = Math.max(this.#memoryMost ?? 0, memoryBytes)
  }
}
