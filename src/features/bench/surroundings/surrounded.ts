import type { BenchContext } from '../bench-context.ts'
import type { BenchResult } from '../events.ts'
import { mostRulerDrift, type RulerFigures } from '../fingerprint.ts'
import { fingerprintOf } from './fingerprint-of.ts'

/** A result with what it is to be compared by: under which settings, where, against what, and whether the machine stayed itself. */
export async function surrounded(
  result: BenchResult,
  context: BenchContext,
  ruler: RulerFigures | undefined,
): Promise<BenchResult> {
  const { verdict } = result
  return {
    ...result,
    ...(await fingerprintOf(context, result)),
    ...(ruler && { ruler, verdict: { ...verdict, notes: [...verdict.notes, ...rulerNotes(ruler)] } }),
  }
}

function rulerNotes({ before, after, drift }: RulerFigures): readonly string[] {
  if (drift <= mostRulerDrift) return []
  const how = after < before ? 'slower' : 'faster'
  return [
    `this machine became ${(drift * 100).toFixed(1)} % ${how} meanwhile, by its own ruler: some of the change is not the broker’s`,
  ]
}
