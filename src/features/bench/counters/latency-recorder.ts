import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js'
import type { LatencyFigures, PercentilePoint } from '../events.ts'
import { BucketCounts, highestMicroseconds } from './bucket-counts.ts'
import { noFigures, type SecondCounts } from './second-figures.ts'

const microsecondsPerMillisecond = 1000
/** From 90 to 99 %, from 99 to 99.9 %, and so on. */
const pointsPerNine = 20

/** Durations of a whole run, and of its present second. Its size does not depend on how many there are. */
export class LatencyRecorder {
  readonly #total = histogram()
  readonly #counts = new BucketCounts()

  record(microseconds: number): void {
    this.#counts.record(microseconds)
  }

  /** Takes the present second into the whole, and gives it: each value and its count, in turn. */
  endSecond(): SecondCounts {
    const counts: number[] = []
    this.#counts.drain((value, count) => {
      counts.push(value, count)
      this.#total.recordValueWithCount(value, count)
    })
    return Float64Array.from(counts)
  }

  /** Adds what another thread, or another machine, recorded: exactly, since both have the same buckets. */
  add(encoded: string): void {
    this.#total.add(decodeFromCompressedBase64(encoded, 64, false) as Histogram)
  }

  get figures(): LatencyFigures {
    this.#drainInto(this.#total)
    return figuresOf(this.#total)
  }

  /** The standard encoded form, which other tools and other machines add up. */
  encoded(): string {
    this.#drainInto(this.#total)
    return encodeIntoCompressedBase64(this.#total as Parameters<typeof encodeIntoCompressedBase64>[0])
  }

  /** The text that HDR plotters read, in milliseconds. */
  hgrm(): string {
    this.#drainInto(this.#total)
    return this.#total.outputPercentileDistribution(5, microsecondsPerMillisecond)
  }

  /** The distribution by percentile, closer and closer to 100 while there are values to tell apart. */
  points(): PercentilePoint[] {
    this.#drainInto(this.#total)
    const { totalCount } = this.#total
    const points: PercentilePoint[] = []
    for (let nines = 0; 10 ** nines <= totalCount; nines += 1 / pointsPerNine) {
      const percentile = 100 * (1 - 10 ** -nines)
      points.push({ percentile, microseconds: this.#total.getValueAtPercentile(percentile) })
    }
    return points
  }

  #drainInto(target: Histogram): void {
    if (this.#counts.total > 0) this.#counts.drain((value, count) => target.recordValueWithCount(value, count))
  }
}

function histogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestMicroseconds,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  })
}

function figuresOf(durations: Histogram): LatencyFigures {
  const at = (percentile: number) => durations.getValueAtPercentile(percentile)
  const count = durations.totalCount
  if (count === 0) return noFigures
  return {
    count,
    meanMicroseconds: Math.round(durations.mean),
    p50Microseconds: at(50),
    p90Microseconds: at(90),
    p95Microseconds: at(95),
    p99Microseconds: at(99),
    p99_9Microseconds: at(99.9),
    maxMicroseconds: at(100), // as the percentiles are told: the highest of its bucket, and never below them
  }
}
