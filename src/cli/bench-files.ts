import { appendFile, writeFile } from 'node:fs/promises'
import { MqttCliError } from '../errors.ts'
import type { BenchResult, BenchSecond } from '../features/bench/events.ts'
import { junitXml } from '../render/bench/junit.ts'
import { resultMarkdown } from '../render/bench/markdown.ts'
import { secondsCsv } from '../render/bench/second-csv.ts'
import type { BenchFiles } from './settings/bench.ts'
import { usageError } from './usage-error.ts'

interface Findings {
  readonly result: BenchResult
  readonly seconds: readonly BenchSecond[]
  readonly distributions: Readonly<Record<string, string>>
}

/** The result in every form that was asked for. `summaryPath`: the file that GitHub Actions shows. */
export async function writeBenchFiles(
  files: BenchFiles,
  findings: Findings,
  summaryPath: string | undefined,
): Promise<void> {
  const { result, seconds, distributions } = findings
  if (files.csv !== undefined) await write('--csv', files.csv, secondsCsv(seconds))
  if (files.hdr !== undefined) await write('--hdr', files.hdr, mainDistribution(distributions))
  if (files.junit !== undefined) await write('--junit', files.junit, junitXml(result))
  if (!files.githubSummary) return
  if (summaryPath === undefined) {
    throw usageError('--github-summary: GITHUB_STEP_SUMMARY names no file', 'use it inside a GitHub Actions job')
  }
  await write('--github-summary', summaryPath, resultMarkdown(result), appendFile)
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
