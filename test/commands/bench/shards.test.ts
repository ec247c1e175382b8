import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { IConnectPacket, IPublishPacket, ISubscribePacket, Packet } from 'mqtt-packet'
import { assertRan, type BenchRun, benchRun } from '../../support/bench/bench-run.ts'
import { seenByBroker } from '../../support/bench/seen-by-broker.ts'
import { mosquittoMissing } from '../../support/brokers/mosquitto.ts'
import { runCli } from '../../support/program/run-cli.ts'

interface Seen {
  readonly results: readonly BenchRun[]
  readonly clientIds: readonly string[]
  readonly topics: Readonly<Record<string, number>>
  readonly filters: readonly string[]
}

/** What a broker sees of these processes. */
async function seen(processes: readonly (readonly string[])[]): Promise<Seen> {
  const { result: results, packets } = await seenByBroker((flags) =>
    Promise.all(processes.map((words) => benchRun([...words, ...flags]))),
  )
  for (const each of results) assertRan(each)
  const all = <P extends Packet>(cmd: P['cmd']) => packets.filter((packet) => packet.cmd === cmd) as P[]
  const load = all<IPublishPacket>('publish').filter(({ topic }) => topic.startsWith('load/'))
  const filters = all<ISubscribePacket>('subscribe').flatMap(({ subscriptions }) =>
    subscriptions.map(({ topic }) => topic),
  )
  return {
    results,
    clientIds: all<IConnectPacket>('connect')
      .map(({ clientId }) => clientId)
      .filter((id) => id.startsWith('c-'))
      .sort(),
    topics: countsOf(load.map(({ topic }) => topic)),
    filters: filters.filter((filter) => filter.startsWith('load/')).sort(),
  }
}

function countsOf(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const text of [...texts].sort()) counts[text] = (counts[text] ?? 0) + 1
  return counts
}

const load = ['-t', 'load/%i', '-I', 'c-%i', '-q', '1', '--messages', '1003', '-c', '5']

function shards(count: number, words: readonly string[]): (readonly string[])[] {
  return Array.from({ length: count }, (_, index) => [
    '--shard',
    `${index + 1}/${count}`,
    '--run',
    '0000beef',
    ...words,
  ])
}

describe('bench --shard', () => {
  test('makes together what one process makes alone, as a broker sees it', { skip: mosquittoMissing() }, async () => {
    const whole = await seen([load])
    const { results, ...together } = await seen(shards(3, load))

    const { results: _, ...alone } = whole
    assert.deepEqual(together, alone)
    assert.deepEqual(
      results.map(({ result: { shard } }) => [shard?.index, shard?.count, shard?.run, shard?.firstClient]),
      [
        [1, 3, '0000beef', 0],
        [2, 3, '0000beef', 2],
        [3, 3, '0000beef', 4],
      ],
    )
    assert.deepEqual(
      results.flatMap(({ result: { shard } }) => shard?.sent.map(({ measured }) => measured) ?? []),
      [201, 201, 201, 200, 200],
    )
    assert.equal(new Set(results.map(({ result: { shard, runId } }) => `${shard?.settings} ${runId}`)).size, 1)
  })

  test('numbers clients from --first-client on', { skip: mosquittoMissing() }, async () => {
    const { clientIds, topics } = await seen([
      ['-c', '2', ...load.slice(0, 6), '--messages', '10', '--first-client', '40'],
    ])

    assert.deepEqual(clientIds, ['c-40', 'c-41', 'c-42', 'c-43'])
    assert.deepEqual(topics, { 'load/40': 5, 'load/41': 5 })
  })

  const refusals: readonly (readonly [words: readonly string[], said: RegExp])[] = [
    [['--shard', '0/4'], /from 1/],
    [['--shard', '5/4'], /from 1/],
    [['--shard', 'two'], /no part of a run/],
    [['--shard', '1/4'], /--run/],
    [['--shard', '1/4', '--run', 'a/b'], /letters, digits/],
    [['--shard', '1/4', '--run', 'a', '--shards', '3'], /--shards says 3/],
    [['--shard', '4/4', '--run', 'a', '-c', '3'], /shard 4 of 4 would have no client/],
    [['--shard', 'auto'], /SLURM_PROCID/],
    [['--rendezvous', 'mqtt://elsewhere'], /--shard i\/n/],
    [['--shard', '1/2', '--run', 'a', '--rendezvous', 'elsewhere'], /--rendezvous/],
    [['--no-pair'], /--shard i\/n/],
    [['--first-client', '-1'], /whole number/],
  ]
  test('refuses a broker of its own, which no other shard reaches', async () => {
    const handle = runCli(['bench', '--embedded', '-c', '2', '--shard', '1/2', '--run', 'a'])

    assert.equal(await handle.exitCode, 2)
    assert.match(await handle.stderr(), /no other shard reaches/)
  })

  for (const [words, said] of refusals) {
    test(`refuses ${words.join(' ')}`, async () => {
      const handle = runCli(['bench', '-p', '1', ...words])

      assert.equal(await handle.exitCode, 2)
      assert.match(await handle.stderr(), said)
    })
  }
})
