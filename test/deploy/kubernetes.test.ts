import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Job } from 'kubernetes-models/batch/v1/Job'
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap'
import { parse } from 'yaml'
import { benchFlags } from '../../src/cli/flags/bench.ts'
import { type BenchRun, finished } from '../support/bench/bench-run.ts'
import { mosquittoMissing, startMosquitto } from '../support/brokers/mosquitto.ts'
import { runCli } from '../support/program/run-cli.ts'
import { typeFaultsOf } from '../support/program/type-faults.ts'

const folder = join(import.meta.dirname, '..', '..', 'deploy', 'kubernetes')
const manifest = (name: string) => parse(readFileSync(join(folder, name), 'utf8'))
const job = manifest('job.yaml')
const configMap = manifest('configmap.yaml')
const pod = job.spec.template.spec
const [container] = pod.containers

/** What a pod of the job sees of itself, and of the ConfigMap. */
function podEnvironment(index: number, changes: Readonly<Record<string, string>>) {
  return { ...configMap.data, ...changes, JOB_COMPLETION_INDEX: String(index), HOSTNAME: `mqtt-bench-x7k2p-${index}` }
}

describe('the Job for Kubernetes', () => {
  test('is one by the schema of Kubernetes, and so is its ConfigMap', () => {
    new Job(job).validate()
    new ConfigMap(configMap).validate()

    const broken = { ...job, spec: { ...job.spec, completions: '4' } }
    assert.throws(() => new Job(broken).validate(), /completions/)
  })

  test('has no field that Kubernetes does not know', () => {
    assert.equal(typeFaultsOf(job, 'Job', 'kubernetes-types/batch/v1'), '')
    assert.equal(typeFaultsOf(configMap, 'ConfigMap', 'kubernetes-types/core/v1'), '')

    const broken = { ...job, spec: { ...job.spec, backOffLimit: 0 } }
    assert.match(typeFaultsOf(broken, 'Job', 'kubernetes-types/batch/v1'), /backOffLimit/)
  })

  test('starts all shards at once, numbers them, and begins none anew', () => {
    const { completionMode, completions, parallelism, backoffLimit } = job.spec

    assert.deepEqual(
      [completionMode, parallelism, backoffLimit, pod.restartPolicy],
      ['Indexed', completions, 0, 'Never'],
    )
    assert.equal(configMap.data.MQTT_CLI_SHARDS, String(completions))
    assert.equal(job.metadata.name, undefined, 'each run gets a name of its own')
  })

  test('takes from the ConfigMap what bench takes from its environment', () => {
    const known = new Set(Object.values(benchFlags).map(({ env }) => env))

    assert.deepEqual(container.envFrom, [{ configMapRef: { name: configMap.metadata.name } }])
    assert.deepEqual(
      Object.keys(configMap.data).filter((name) => !known.has(name)),
      [],
    )
  })

  test('runs: four pods are the run of one, under the name of the job', { skip: mosquittoMissing() }, async (t) => {
    const broker = await startMosquitto()
    t.after(broker.stop)
    const url = `mqtt://127.0.0.1:${broker.port}`
    const small = { MQTT_CLI_URL: url, MQTT_CLI_PUBLISHERS: '8', MQTT_CLI_SUBSCRIBERS: '8', MQTT_CLI_RATE: '200' }
    const pods = Array.from({ length: job.spec.completions }, (_, index) =>
      finished(runCli(container.args, { env: podEnvironment(index, { ...small, MQTT_CLI_DURATION: '1' }) })),
    )

    const runs: readonly BenchRun[] = await Promise.all(pods)

    const shards = runs.map(({ result }) => result.shard)
    assert.deepEqual(
      shards.map((shard) => [shard?.index, shard?.count, shard?.run, shard?.clients.publishers]),
      [1, 2, 3, 4].map((index) => [index, 4, 'mqtt-bench-x7k2p', 2]),
    )
    for (const { code, stderr, result } of runs) {
      assert.ok(code === 0 || code === 10, stderr) // 10: this machine was too busy to measure anything
      assert.deepEqual([result.messages?.sent, result.arrivals?.received], [50, 50])
    }
  })
})
