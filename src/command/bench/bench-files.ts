import { access, appendFile, constants, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BenchFiles } from '../../cli/settings/bench/bench.ts'
import { usageError } from '../../cli/usage-error.ts'
import type { BenchOutcome } from '../../features/bench/events.ts'
import { ceilingReportHtml } from '../../render/bench/ceiling/ceiling-report.ts'
import { junitXml } from '../../render/bench/junit.ts'
import { resultMarkdown } from '../../render/bench/markdown.ts'
import { reportHtml } from '../../render/bench/report-html.ts'
import { secondsCsv } from '../../render/bench/second-csv.ts'
import { writeFinishedFile, writeInPlace } from '../output/finished-file.ts'
import { notWritten } from './not-written.ts'
import { resultKeeper } from './result-keeper.ts'

/** Where the program lies, and the file that GitHub Actions shows. */
export interface Surroundings {
  readonly root: string
  readonly summaryPath: string | undefined
}

/** What can be known before a run of minutes: that its files can be written. */
export async function checkBenchFiles(files: BenchFiles, summaryPath: string | undefined): Promise<void> {
  if (files.githubSummary && summaryPath === undefined) {
    throw usageError('--github-summary: GITHUB_STEP_SUMMARY names no file', 'use it inside a GitHub Actions job')
  }
  for (const [flag, path] of pathsOf(files)) {
    await checkWritable(path).catch((cause: unknown) => {
      throw notWritten(flag, path, cause)
    })
  }
  if (files.save !== undefined) await checkResultFolder(files.save)
}

/** Makes it where there is none. */
async function checkResultFolder(folder: string): Promise<void> {
  const { prepareResultFolder } = await import('../../features/bench/history/result-writer.ts')
  await prepareResultFolder(folder).catch((cause: unknown) => {
    throw notWritten('--save', folder, cause)
  })
}

/** Of what is there already (a file, a FIFO, /dev/stdout) the thing itself counts, and not its folder. */
async function checkWritable(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  await access(isThere ? path : dirname(path), constants.W_OK)
}

function pathsOf({ csv, hdr, junit, report, comment }: BenchFiles) {
  return Object.entries({
    '--csv': csv,
    '--hdr': hdr,
    '--junit': junit,
    '--report': report,
    '--comment': comment,
  }).filter((each): each is [string, string] => each[1] !== undefined)
}

/** The result in every form that was asked for. One that cannot be written keeps no other from it. */
export async function writeBenchFiles(
  files: BenchFiles,
  outcome: BenchOutcome,
  surroundings: Surroundings,
): Promise<void> {
  const failures: unknown[] = []
  for (const write of writesOf(files, outcome, surroundings)) {
    await write().catch((failure: unknown) => failures.push(failure))
  }
  if (failures.length > 0) throw failures[0]
}

function writesOf(
  files: BenchFiles,
  outcome: BenchOutcome,
  { root, summaryPath }: Surroundings,
): (() => Promise<void>)[] {
  const { result, seconds, distributions } = outcome
  const { csv, hdr, junit, report, save } = files
  const writes: (() => Promise<void>)[] = []
  if (csv !== undefined) writes.push(() => writeFile('--csv', csv, secondsCsv(seconds), writeInPlace))
  if (hdr !== undefined) writes.push(() => writeFile('--hdr', hdr, mainDistribution(distributions)))
  if (junit !== undefined) writes.push(() => writeFile('--junit', junit, junitXml(result)))
  if (report !== undefined) {
    writes.push(async () => writeFile('--report', report, reportHtml(outcome, await chartLibrary(root))))
  }
  if (save !== undefined) writes.push(async () => (await resultKeeper(save))('', result, result.runId))
  if (files.githubSummary && summaryPath !== undefined) {
    writes.push(() => writeFile('--github-summary', summaryPath, resultMarkdown(result), appendFile))
  }
  return writes
}

/** The page of `bench max`. */
export async function writeCeilingReport(
  { report }: BenchFiles,
  outcome: Parameters<typeof ceilingReportHtml>[0],
  root: string,
): Promise<void> {
  if (report !== undefined) await writeFile('--report', report, ceilingReportHtml(outcome, await chartLibrary(root)))
}

/** Copied beside the bundle by the build. */
export async function chartLibrary(root: string) {
  const text = (name: string) => readFile(join(root, 'dist', name), 'utf8')
  return { script: await text('uPlot.iife.min.js'), style: await text('uPlot.min.css') }
}

function mainDistribution({ response, acknowledged, connect = '' }: BenchOutcome['distributions']): string {
  return response ?? acknowledged ?? connect
}

export async function writeFile(
  flag: string,
  path: string,
  text: string,
  how: (path: string, text: string) => Promise<void> = writeFinishedFile,
): Promise<void> {
  await how(path, text).catch((cause: unknown) => {
    throw notWritten(flag, path, cause)
  })
}
