/** The sizes where CI is set, as `.ci/run` does; a tenth of them elsewhere, so that `npm test` stays quick. */
export function lineCountOf(fullCount: number): number {
  return process.env.CI === undefined ? fullCount / 10 : fullCount
}
