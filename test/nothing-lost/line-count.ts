import { matrixCell } from '../support/transports/matrix-cell.ts'

/**
 * The full sizes where CI is set, as `.ci/run` does; a tenth of them elsewhere, so that `npm test` stays quick, and in a
 * cell of the matrix, which has many.
 */
export function lineCountOf(fullCount: number): number {
  return process.env.CI === undefined || matrixCell !== undefined ? fullCount / 10 : fullCount
}
