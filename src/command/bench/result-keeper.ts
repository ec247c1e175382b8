import { notWritten } from './not-written.ts'

/** What a line of a kept result is named after. */
interface NamedRun {
  readonly startedAt: string
  readonly runId: string
}

/** Keeps results in the folder of `--save`, those of each side in a file of its own; does nothing where there is no folder. */
export async function resultKeeper(
  folder: string | undefined,
): Promise<(side: string, result: Pick<NamedRun, 'startedAt'>, runId: string) => Promise<void>> {
  if (folder === undefined) return async () => {}
  const { ResultWriter } = await import('../../features/bench/history/result-writer.ts')
  const writers = new Map<string, InstanceType<typeof ResultWriter>>()
  return async (side, result, runId) => {
    const writer = writers.get(side) ?? new ResultWriter(folder, side)
    writers.set(side, writer)
    await writer.append(result, { startedAt: result.startedAt, runId }).catch((cause: unknown) => {
      throw notWritten('--save', folder, cause)
    })
  }
}
