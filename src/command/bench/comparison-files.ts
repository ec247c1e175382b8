import { appendFile, rm } from 'node:fs/promises'
import type { BenchFiles } from '../../cli/settings/bench/bench.ts'
import { comparisonMarkdown } from '../../render/bench/compare/comparison-markdown.ts'
import { comparisonReportHtml } from '../../render/bench/compare/comparison-report.ts'
import { type ComparisonView, isAllEqual } from '../../render/bench/compare/comparison-view.ts'
import { chartLibrary, type Surroundings, writeFile } from './bench-files.ts'
import { notWritten } from './not-written.ts'

type ComparisonFiles = Pick<BenchFiles, 'report' | 'comment' | 'githubSummary'>

/** A comparison in every form that was asked for. One that cannot be written keeps no other from it. */
export async function writeComparisonFiles(
  { report, comment, githubSummary }: ComparisonFiles,
  view: ComparisonView,
  { root, summaryPath }: Surroundings,
): Promise<void> {
  const writes = [
    report !== undefined &&
      (async () => writeFile('--report', report, comparisonReportHtml(view, await chartLibrary(root)))),
    githubSummary &&
      summaryPath !== undefined &&
      (() => writeFile('--github-summary', summaryPath, comparisonMarkdown(view), appendFile)),
    comment !== undefined && (() => writeComment(comment, view)),
  ]
  const failures: unknown[] = []
  for (const write of writes) {
    if (write) await write().catch((failure: unknown) => failures.push(failure))
  }
  if (failures.length > 0) throw failures[0]
}

/** What an earlier run found is no comment on this one: where all is equal no file is left to be posted. */
async function writeComment(path: string, view: ComparisonView): Promise<void> {
  if (!isAllEqual(view.comparison)) return writeFile('--comment', path, comparisonMarkdown(view))
  await rm(path, { force: true }).catch((cause: unknown) => {
    throw notWritten('--comment', path, cause)
  })
}
