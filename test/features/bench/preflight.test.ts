import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { availableMemory } from '../../../src/features/bench/preflight/available-memory.ts'
import { type Machine, preflightNotes, preflightRefusals } from '../../../src/features/bench/preflight/preflight.ts'
import { benchContext, type Changes } from '../../support/bench/bench-settings.ts'
import { wordingOf } from '../../support/program/worded.ts'

const limits =
  'Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 4096                 files\n'
const text = async (path: string) =>
  path.endsWith('limits') ? limits : path.endsWith('port_range') ? '32768\t32867\n' : ''
const machineOf = (read: Machine['read']): Machine => ({
  read,
  openDescriptors: async () => 20,
  isSocket: async (path) => path === '/run/broker.sock',
})
const machine = machineOf(text)
const run = (changes: Changes) => benchContext(1883, { publishers: 0, subscribers: 0, ...changes }).settings
const target = (host: string) => ({ transport: 'tcp', host, port: 1883 }) as const

const refusals = async (changes: Changes, of = machine) => {
  const found = await preflightRefusals(run(changes), of)
  assert.ok(found.every(({ kind }) => kind === 'local-io'))
  return found.map(({ message }) => message)
}

test('too few descriptors and ports end a run before it begins, with the number there is', async () => {
  const [descriptors = '', ports = '', ...rest] = await refusals({
    connections: 500,
    publishers: 500,
    subscribers: 1000,
  })

  assert.match(descriptors, /2000 .* 1024 .* 26 itself/)
  assert.match(ports, /2000 .* 100 local ports/)
  assert.deepEqual(rest, [])
})

test('what fits, and what nobody can tell, is not mentioned', async () => {
  assert.deepEqual(await refusals({ connections: 90 }), [])
  assert.deepEqual(
    await refusals(
      { connections: 1e6 },
      machineOf(async () => ''),
    ),
    [],
  )
})

test('the path of a unix socket is looked at before the start', async () => {
  const unix = (path: string) => ({ clients: { clientId: '%i', targets: [{ transport: 'unix', path }] } }) as const

  assert.deepEqual(await refusals(unix('/run/broker.sock')), [])
  assert.match((await refusals(unix('/run/no.sock'))).join(), /no unix socket at \/run\/no\.sock/)
})

describe('local ports', () => {
  const hosts = { clientId: '%i', targets: [target('a'), target('b'), target('c')] }
  const rows: ReadonlyArray<readonly [what: string, changes: Changes, most: number]> = [
    ['of one address for one broker', {}, 100],
    ['for each of three brokers', { clients: hosts }, 300],
    ['of two local addresses', { clients: { clientId: '%i', localAddresses: ['127.0.0.2', '127.0.0.3'] } }, 200],
    [
      'of two local addresses, which three brokers share',
      { clients: { ...hosts, localAddresses: ['127.0.0.2', '127.0.0.3'] } },
      200,
    ],
  ]
  for (const [what, changes, most] of rows) {
    test(what, async () => {
      assert.deepEqual(await refusals({ ...changes, connections: most }), [])
      assert.equal((await refusals({ ...changes, connections: most + 1 })).length, 1)
    })
  }
})

describe('memory', () => {
  const meminfo = async (path: string) =>
    path === '/proc/meminfo' ? 'MemTotal: 1 kB\nMemAvailable:  1000000 kB\n' : ''
  const small = machineOf(meminfo)

  test('that a load would not have is said before the run, with what it needs and what there is', async () => {
    const [note = '', ...rest] = await preflightNotes(run({ connections: 100_000 }), small)

    assert.match(wordingOf('bench')(note) ?? '', /100000 connections .* 3180 MB .* 1024 MB/)
    assert.deepEqual(rest, [])
  })

  test('is taken by windows of large messages too', async () => {
    const large = {
      publishers: 100,
      qos: 1,
      payloadBytes: [100_000, 100_000],
      end: { by: 'duration', milliseconds: 1 },
    } as const

    assert.equal((await preflightNotes(run(large), small)).length, 1)
    assert.deepEqual(await preflightNotes(run({ ...large, inflight: 20 }), small), [])
  })

  const files: ReadonlyArray<readonly [what: string, files: Readonly<Record<string, string>>, bytes: number]> = [
    ['the machine’s', { '/proc/self/cgroup': '0::/\n' }, 1_024_000_000],
    [
      'what its group leaves, or a group around it',
      {
        '/proc/self/cgroup': '0::/a/b\n',
        '/sys/fs/cgroup/a/memory.max': '5000\n',
        '/sys/fs/cgroup/a/memory.current': '3000\n',
        '/sys/fs/cgroup/a/b/memory.max': 'max\n',
      },
      2000,
    ],
    [
      'what a group of version 1 leaves',
      {
        '/proc/self/cgroup': '9:name=systemd:/\n4:cpu,memory:/a\n0::/\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
        '/sys/fs/cgroup/memory/a/memory.limit_in_bytes': '7000\n',
        '/sys/fs/cgroup/memory/a/memory.usage_in_bytes': '8000\n',
      },
      0,
    ],
  ]
  for (const [what, texts, bytes] of files) {
    test(`available is ${what}`, async () => {
      assert.equal(await availableMemory(async (path) => texts[path] ?? meminfo(path)), bytes)
    })
  }
})
