// What bench compare can be trusted with: how often it raises a false alarm, and what it finds. Prints the tables of
// docs/bench-method.md; the same numbers each time. `--command` raises the alarms by the built program, a process for each trial.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { relativeSpread } from '../../src/features/bench/compare/ratio-estimate.ts'
import { isAlarm, type Trial, trialOf } from './false-alarms.ts'
import { noiseModels } from './noise-models.ts'
import { bell, type Draw, drawnFrom, powerOf, roundsFor, roundsReckoned } from './power.ts'
import { recordedNoise } from './recorded-noise.ts'

const rounds = 10
const change = 0.1
const trials = 200
/** For each number of rounds on the way to 95 %. */
const trialsOfLadder = 100
/** Beyond this they are reckoned. */
const mostTried = 80
const program = join(import.meta.dirname, '..', '..', 'bin', 'run.js')

const { values } = parseArgs({
  options: {
    command: { type: 'boolean', default: false },
    trials: { type: 'string', default: String(trials) },
    only: { type: 'string' },
  },
})
const falseAlarmTrials = Number(values.trials)
if (values.only !== 'power') printFalseAlarms()
if (values.only !== 'alarms') printPower()

function printFalseAlarms(): void {
  const by = values.command ? 'the command' : 'its parts'
  print(`| A against A, ${rounds} rounds, bound 0: ${falseAlarmTrials} trials by ${by} | false alarms |`, '|---|---:|')
  for (const model of noiseModels) {
    const alarms = Array.from({ length: falseAlarmTrials }, (_, number) => trialOf(model, number, rounds)).filter(
      values.command ? exitsWithNine : isAlarm,
    ).length
    print(`| ${model.name} | ${((100 * alarms) / falseAlarmTrials).toFixed(1)} % |`)
  }
}

/** The program itself, on files. */
function exitsWithNine({ base, next, isPaired }: Trial): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'mqtt-cli-operating-'))
  const [baseFile, nextFile] = [join(folder, 'base.ndjson'), join(folder, 'new.ndjson')]
  writeFileSync(baseFile, base)
  writeFileSync(nextFile, next)
  const flags = ['--max-regression', '0', '--quiet', ...(isPaired ? ['--paired'] : [])]
  const { status } = spawnSync(process.execPath, [
    program,
    'bench',
    'compare',
    baseFile,
    '--against',
    nextFile,
    ...flags,
  ])
  rmSync(folder, { recursive: true })
  if (status !== 0 && status !== 9) throw new Error(`exit ${status}`)
  return status === 9
}

function printPower(): void {
  print(
    '',
    `| ${100 * change} % slower, bound 5 % | runs vary by | found in ${rounds} rounds | 95 % find, in ${rounds} | rounds for 95 % |`,
  )
  print('|---|---:|---:|---:|---:|')
  for (const deviation of [0.02, 0.03, 0.05, 0.08]) printRow('a bell curve', deviation, bell(deviation))
  for (const [name, recorded] of Object.entries(recordedNoise().metrics)) {
    printRow(`${name}, recorded`, relativeSpread(recorded.map((value) => ({ value, start: '' }))), drawnFrom(recorded))
  }
}

function printRow(name: string, deviation: number, draw: Draw): void {
  const power = powerOf(draw, change, rounds, trials)
  const { found, smallestChange } = power
  const reckoned = roundsReckoned(power, change, rounds)
  const tried = reckoned > mostTried ? undefined : roundsFor(draw, change, trialsOfLadder)
  const needed = tried ?? `some ${reckoned.toLocaleString('en-US')}, by calculation`
  const figures = [deviation, found, smallestChange].map((share) => `${Math.round(1000 * share) / 10} %`)
  print(`| ${name} | ${figures.join(' | ')} | ${needed} |`)
}

function print(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`)
}
