import assert from 'node:assert/strict'
import { test } from 'node:test'
import { viewFilter } from '../../../../src/cli/values/inspect/view-filter.ts'
import { refused } from '../refused.ts'

test('sorts what is asked for by kind', () => {
  assert.deepEqual(
    viewFilter(['publish,puback', 'in', 'type=suback', 'from=client', 'topic=a/#', 'mid=7,8', 'client=a=b']),
    {
      types: ['publish', 'puback', 'suback'],
      senders: ['server', 'client'],
      topics: ['a/#'],
      packetIds: [7, 8],
      clientIds: ['a=b'],
    },
  )
})

test('refuses what it does not know', () => {
  for (const use of ['pub', 'toString', 'size=1', 'mid=0', 'mid=x', 'topic=a/#/b', '']) {
    refused(() => viewFilter([use]))
  }
})
