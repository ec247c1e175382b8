import { usageError } from '../../usage-error.ts'
import type { ShardPlace } from './shard.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What a scheduler says of this task. */
interface ScheduledShard extends ShardPlace {
  /** The same for all tasks of a run, where the scheduler has a name for it. */
  readonly run?: string
}

interface Scheduler {
  readonly name: string
  /** What was looked for. */
  readonly variables: string
  /** Undefined where it did not start us. `count`: how many there are, as the user says. */
  readonly shard: (environment: Environment, count: number | undefined) => ScheduledShard | undefined
}

const schedulers: readonly Scheduler[] = [
  {
    name: 'Slurm',
    variables: 'SLURM_PROCID and SLURM_NTASKS (srun), SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT (arrays)',
    shard: slurmShard,
  },
  {
    name: 'a Kubernetes Indexed Job',
    variables: 'JOB_COMPLETION_INDEX (with --shards)',
    shard: kubernetesShard,
  },
  {
    name: 'AWS Batch',
    variables: 'AWS_BATCH_JOB_ARRAY_INDEX and AWS_BATCH_JOB_ARRAY_SIZE',
    shard: batchShard,
  },
  { name: 'GitLab CI', variables: 'CI_NODE_INDEX and CI_NODE_TOTAL', shard: gitlabShard },
]

/** `--shard auto`: the part of the run that the scheduler gave this task. One of several tasks goes before the only one of a job around it. */
export function schedulerShard(environment: Environment, count: number | undefined): ScheduledShard {
  const found = schedulers.flatMap((scheduler) => {
    const shard = scheduler.shard(environment, count)
    return shard === undefined ? [] : [{ ...shard, scheduler: scheduler.name }]
  })
  const several = found.filter((shard) => shard.count > 1)
  const [shard, other] = several.length > 0 ? several : found
  if (shard === undefined) throw notFound()
  if (other !== undefined) {
    throw usageError(
      `--shard auto: ${shard.scheduler} says ${shard.index}/${shard.count}, and ${other.scheduler} ${other.index}/${other.count}`,
      'say which: --shard i/n',
    )
  }
  if (shard.index >= 1 && shard.index <= shard.count) return shard
  throw usageError(
    `--shard auto: ${shard.scheduler} numbers this task ${shard.index} of ${shard.count}`,
    'number tasks without gaps, or say --shard i/n',
  )
}

function notFound(): Error {
  const looked = schedulers.map(({ name, variables }) => `${name}: ${variables}`).join('; ')
  return usageError(
    `--shard auto: no scheduler started this; looked for ${looked}`,
    'say which part this is, and of how many: --shard 1/4',
    'a GitHub matrix says it by matrix and strategy.job-total: docs/bench-shards.md has the line',
  )
}

/** Tasks of `srun` in each element of an array, where there are both. */
function slurmShard(environment: Environment): ScheduledShard | undefined {
  const task = whole(environment, 'SLURM_PROCID') ?? 0
  const tasks = whole(environment, 'SLURM_NTASKS')
  const element = whole(environment, 'SLURM_ARRAY_TASK_ID')
  const elements = whole(environment, 'SLURM_ARRAY_TASK_COUNT')
  const { SLURM_STEP_ID: step, SLURM_ARRAY_JOB_ID: arrayJob, SLURM_JOB_ID: job } = environment
  const named = (id: string | undefined) =>
    id === undefined ? {} : { run: `slurm-${id}${step === undefined ? '' : `.${step}`}` }
  if (element === undefined || elements === undefined) {
    return tasks === undefined ? undefined : { index: task + 1, count: tasks, ...named(job) }
  }
  const first = whole(environment, 'SLURM_ARRAY_TASK_MIN') ?? 0
  const stride = whole(environment, 'SLURM_ARRAY_TASK_STEP') ?? 1
  const each = tasks ?? 1
  return { index: ((element - first) / stride) * each + task + 1, count: elements * each, ...named(arrayJob) }
}

/** A pod's host name is that of its job and its index. */
function kubernetesShard(environment: Environment, count: number | undefined): ScheduledShard | undefined {
  const index = whole(environment, 'JOB_COMPLETION_INDEX')
  if (index === undefined) return undefined
  if (count === undefined) {
    throw usageError(
      '--shard auto: a Kubernetes Job does not tell its pods how many completions it has',
      'say it with --shards, or as MQTT_CLI_SHARDS in the manifest, the same number as completions',
    )
  }
  const { HOSTNAME: host = '' } = environment
  const job = host.endsWith(`-${index}`) ? host.slice(0, -`-${index}`.length) : ''
  return { index: index + 1, count, ...(job !== '' && { run: job }) }
}

function batchShard(environment: Environment): ScheduledShard | undefined {
  const index = whole(environment, 'AWS_BATCH_JOB_ARRAY_INDEX')
  const count = whole(environment, 'AWS_BATCH_JOB_ARRAY_SIZE')
  if (index === undefined || count === undefined) return undefined
  const [job = ''] = (environment.AWS_BATCH_JOB_ID ?? '').split(':') // its number in the array is behind the colon
  return { index: index + 1, count, ...(job !== '' && { run: `batch-${job}` }) }
}

function gitlabShard(environment: Environment): ScheduledShard | undefined {
  const index = whole(environment, 'CI_NODE_INDEX')
  const count = whole(environment, 'CI_NODE_TOTAL')
  if (index === undefined || count === undefined) return undefined
  const { CI_PIPELINE_ID: pipeline, CI_JOB_NAME: job = '' } = environment
  const name = job.replace(/ \d+\/\d+$/, '').replace(/[^\w.:-]+/g, '-')
  return { index, count, ...(pipeline !== undefined && { run: `gitlab-${pipeline}-${name}`.slice(0, 100) }) }
}

function whole(environment: Environment, name: string): number | undefined {
  const text = environment[name]
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
