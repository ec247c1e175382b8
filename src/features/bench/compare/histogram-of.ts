import { decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js'
import type { BenchResult } from '../events.ts'

/** The distribution that a run is about: of answers where there are any, else of acknowledgements, else of connecting. */
export function histogramOf({ response, acknowledged, connect }: BenchResult['histograms']): Histogram | undefined {
  const encoded = response ?? acknowledged ?? connect
  return encoded === undefined ? undefined : (decodeFromCompressedBase64(encoded, 64, false) as Histogram)
}
