import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { workerCount } from '../../../../src/features/bench/workers/worker-count.ts'
import { benchContext } from '../../../support/bench/bench-settings.ts'

describe('how many threads', () => {
  const here = benchContext(1, { publishers: 10, subscribers: 10 }).settings
  const { connection } = here
  const target = { transport: 'tcp', host: 'broker.lan', port: 1883 } as const
  const rows = [
    ['as many as asked for', { ...here, workers: 3 }, 3],
    ['never more than clients', { ...here, workers: 3, publishers: 1, subscribers: 1 }, 2],
    ['auto leaves a core to a broker on this machine', { ...here, workers: 'auto' }, 7],
    ['auto takes all cores otherwise', { ...here, workers: 'auto', connection: { ...connection, target } }, 8],
    ['one at least', { ...here, workers: 'auto', publishers: 1, subscribers: 0 }, 1],
  ] as const
  for (const [name, settings, expected] of rows) {
    test(name, () => {
      assert.equal(workerCount(settings, 8), expected)
    })
  }
})
