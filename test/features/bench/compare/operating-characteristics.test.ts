import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { isAlarm, trialOf } from '../../../../benchmarks/operating/false-alarms.ts'
import { noiseModels } from '../../../../benchmarks/operating/noise-models.ts'
import { bell, powerOf } from '../../../../benchmarks/operating/power.ts'
import { temporaryFolder } from '../../../support/program/temp-folder.ts'

const rounds = 10
/** A part of the two hundred that `npm run bench:operating` makes; chance is the same each time. */
const trials = 40
const folder = temporaryFolder()

describe('what bench compare can be trusted with', () => {
  for (const model of noiseModels) {
    test(`A against A, bound 0, ${model.name}: at most 5 % false alarms`, () => {
      const alarms = Array.from({ length: trials }, (_, number) => trialOf(model, number, rounds)).filter(isAlarm)

      assert.ok(alarms.length <= 0.05 * trials, `${alarms.length} of ${trials}`)
    })
  }

  test('a change of 10 % is found in ten rounds where runs vary by 2 %, and mostly not where they vary by 8 %', () => {
    assert.ok(powerOf(bell(0.02), 0.1, rounds, trials).found >= 0.9)
    assert.ok(powerOf(bell(0.08), 0.1, rounds, trials).found <= 0.5)
  })

  test('the command ends as its parts say, on the same files: with 9 or with 0', () => {
    const [model] = noiseModels
    assert.ok(model)
    const faster = trialOf(model, 0, rounds)
    const slower = { ...faster, next: trialOf({ ...model, make: slowed(model) }, 0, rounds).next }
    for (const [index, trial] of [faster, slower].entries()) {
      const [base, next] = [join(folder, `${index}-base.ndjson`), join(folder, `${index}-new.ndjson`)]
      writeFileSync(base, trial.base)
      writeFileSync(next, trial.next)
      const words = ['bin/run.js', 'bench', 'compare', base, '--against', next, '--max-regression', '0', '--quiet']

      assert.equal(spawnSync(process.execPath, words).status, isAlarm(trial) ? 9 : 0)
    }
    assert.deepEqual([faster, slower].map(isAlarm), [false, true])
  })
})

/** The same runs, the new ones slower by a half. */
function slowed({ make }: (typeof noiseModels)[number]): (typeof noiseModels)[number]['make'] {
  return (count, random) => {
    const { base, next } = make(count, random)
    return { base, next: next.map((run) => ({ ...run, level: 1.5 * run.level })) }
  }
}
