import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temp-folder.ts'

/** Runs before the program, and writes down its peak when it leaves: by then nobody else can ask. */
const recorder = `
const fs = require('node:fs')
process.on('exit', () => fs.writeFileSync(process.env.PEAK_FILE, fs.readFileSync('/proc/self/status')))
`

/** The program in a shell, which may pipe what it prints elsewhere, with its resident memory at its highest noted. */
export function recordingPeak(pipeline: (program: string) => string) {
  const folder = temporaryFolder()
  const [recorderFile, peakFile] = [join(folder, 'recorder.cjs'), join(folder, 'status')]
  writeFileSync(recorderFile, recorder)
  const program = `PEAK_FILE=${peakFile} ${process.execPath} --require ${recorderFile} bin/run.js "$@"`
  return {
    program: ['sh', '-c', pipeline(program), 'sh'] as const,
    peakMegabytes: () => Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync(peakFile, 'utf8'))?.[1]) / 1024,
  }
}
