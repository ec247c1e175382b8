import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MqttCliError } from '../errors.ts'
import type { BenchResult, BenchSecond, PercentilePoint } from '../features/bench/events.ts'
import { junitXml } from '../render/bench/junit.ts'
import { resultMarkdown } from '../render/bench/markdown.ts'
import { reportHtml } from '../render/bench/report-html.ts'
import { secondsCsv } from '../render/bench/second-csv.ts'
import type { BenchFiles } from './settings/bench.ts'
import { usageError } from './usage-error.ts'

interface Findings {
  readonly result: BenchResult
  readonly seconds: readonly BenchSecond[]
  readonly distributions: Readonly<Record<string, string>>
  readonly points: Readonly<Record<string, readonly PercentilePoint[]>>
}

/** Where the program lies, and the file that GitHub Actions shows. */
interface Places {
  readonly root: string
  readonly summaryPath: string | undefined
}

/** The result in every form that was asked for. */
export async function writeBenchFiles(
  files: BenchFiles,
  findings: Findings,
  { root, summaryPath }: Places,
): Promise<void> {
  const { result, seconds, distributions } = findings
  if (files.csv !== undefined) await write('--csv', files.csv, secondsCsv(seconds))
  if (files.hdr !== undefined) await write('--hdr', files.hdr, mainDistribution(distributions))
  if (files.junit !== undefined) await write('--junit', files.junit, junitXml(result))
  if (files.report !== undefined) await write('--report', files.report, reportHtml(findings, await chartLibrary(root)))
  if (!files.githubSummary) return
  if (summaryPath === undefined) {
    throw usageError('--github-summary: GITHUB_STEP_SUMMARY names no file', 'use it inside a GitHub Actions job')
  }
  await write('--github-summary', summaryPath, resultMarkdown(result), appendFile)
}

/** Copied beside the bundle by the build. */
async function chartLibrary(root: string) {
  const text = (name: string) => readFile(join(root, 'dist', name), 'utf8')
  return { script: await text('uPlot.iife.min.js'), style: await text('uPlot.min.css') }
}

function mainDistribution({ response, acknowledged, connect = '' }: Findings['distributions']): string {
  return response ?? acknowledged ?? connect
}

async function write(
  flag: string,
  path: string,
  text: string,
  how: typeof writeFile | typeof appendFile = writeFile,
): Promise<void> {
  try {
    await how(path, text)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new MqttCliError('local-io', `${flag} could not be written: ${path} (${code})`, {
      layer: flag,
      tries: ['check the path, the disk, and that you may write there'],
      cause,
    })
  }
}
