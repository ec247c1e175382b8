import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { schedulerShard } from '../../../../src/cli/values/shards/scheduler-shard.ts'
import type { MqttCliError } from '../../../../src/errors.ts'

interface Row {
  readonly what: string
  readonly environment: Readonly<Record<string, string>>
  readonly count?: number
  readonly shard: { readonly index: number; readonly count: number; readonly run?: string }
}

const slurmTask = { SLURM_JOB_ID: '77', SLURM_STEP_ID: '0', SLURM_PROCID: '2', SLURM_NTASKS: '4' }
const slurmArray = {
  SLURM_JOB_ID: '81',
  SLURM_ARRAY_JOB_ID: '80',
  SLURM_ARRAY_TASK_ID: '7',
  SLURM_ARRAY_TASK_MIN: '3',
  SLURM_ARRAY_TASK_MAX: '9',
  SLURM_ARRAY_TASK_STEP: '2',
  SLURM_ARRAY_TASK_COUNT: '4',
}
const kubernetes = { JOB_COMPLETION_INDEX: '0', HOSTNAME: 'nightly-load-0' }
const gitlab = { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '5', CI_PIPELINE_ID: '1234', CI_JOB_NAME: 'load test 2/5' }

const rows: readonly Row[] = [
  { what: 'srun', environment: slurmTask, shard: { index: 3, count: 4, run: 'slurm-77.0' } },
  { what: 'a Slurm array 3-9:2', environment: slurmArray, shard: { index: 3, count: 4, run: 'slurm-80' } },
  {
    what: 'srun in each element of a Slurm array',
    environment: { ...slurmArray, SLURM_STEP_ID: '1', SLURM_PROCID: '1', SLURM_NTASKS: '2' },
    shard: { index: 6, count: 8, run: 'slurm-80.1' },
  },
  {
    what: 'a Slurm array that begins with 0, without a step',
    environment: { SLURM_ARRAY_JOB_ID: '80', SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_COUNT: '2' },
    shard: { index: 1, count: 2, run: 'slurm-80' },
  },
  {
    what: 'a Kubernetes Indexed Job',
    environment: kubernetes,
    count: 8,
    shard: { index: 1, count: 8, run: 'nightly-load' },
  },
  {
    what: 'Kubernetes with a host name of its own',
    environment: { JOB_COMPLETION_INDEX: '3', HOSTNAME: 'worker' },
    count: 4,
    shard: { index: 4, count: 4 },
  },
  {
    what: 'an AWS Batch array',
    environment: { AWS_BATCH_JOB_ARRAY_INDEX: '9', AWS_BATCH_JOB_ARRAY_SIZE: '10', AWS_BATCH_JOB_ID: 'ab-12:9' },
    shard: { index: 10, count: 10, run: 'batch-ab-12' },
  },
  { what: 'GitLab parallel', environment: gitlab, shard: { index: 2, count: 5, run: 'gitlab-1234-load-test' } },
  {
    what: 'GitLab in a Slurm job of one task: the one of several counts',
    environment: { ...gitlab, SLURM_JOB_ID: '1', SLURM_PROCID: '0', SLURM_NTASKS: '1' },
    shard: { index: 2, count: 5, run: 'gitlab-1234-load-test' },
  },
  {
    what: 'the only task of a Slurm job',
    environment: { SLURM_JOB_ID: '5', SLURM_PROCID: '0', SLURM_NTASKS: '1' },
    shard: { index: 1, count: 1, run: 'slurm-5' },
  },
]

describe('--shard auto reads what a scheduler says', () => {
  for (const { what, environment, count, shard } of rows) {
    test(what, () => {
      const { index, count: of, run } = schedulerShard(environment, count)

      assert.deepEqual({ index, count: of, ...(run !== undefined && { run }) }, shard)
    })
  }

  const refusals: readonly (readonly [what: string, environment: Readonly<Record<string, string>>, said: RegExp])[] = [
    ['nothing', {}, /SLURM_PROCID.*JOB_COMPLETION_INDEX.*AWS_BATCH_JOB_ARRAY_INDEX.*CI_NODE_INDEX/],
    ['values that are no numbers', { SLURM_PROCID: 'x', SLURM_NTASKS: 'many' }, /no scheduler/],
    ['Kubernetes without a count', kubernetes, /completions/],
    ['two schedulers', { ...slurmTask, ...gitlab }, /Slurm says 3\/4, and GitLab CI 2\/5/],
    [
      'an array with gaps: 1,3,9',
      { SLURM_ARRAY_TASK_ID: '9', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '3', SLURM_ARRAY_TASK_STEP: '1' },
      /numbers this task 9 of 3/,
    ],
    ['a number beyond the count', { CI_NODE_INDEX: '6', CI_NODE_TOTAL: '5' }, /6 of 5/],
  ]
  for (const [what, environment, said] of refusals) {
    test(`and refuses ${what}`, () => {
      assert.throws(
        () => schedulerShard(environment, undefined),
        (error: MqttCliError) => error.kind === 'usage' && said.test(error.message),
      )
    })
  }
})
