import assert from 'node:assert/strict'
import { test } from 'node:test'
import { samplesIn } from '../../../../src/features/bench/observe/prometheus-text.ts'

/** As exporters write it, with what the format allows and few write. */
const text = `# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total 12.47
process_resident_memory_bytes 2.3441408e+07
queue_message_drop{node="VerneMQ@127.0.0.1"} 7
queue_message_drop{node="b} 99",other="a \\" quote"} 5 1395066363000
emqx_messages_dropped NaN
process_cpu_seconds_total_created 1
not a line at all {
 leading 5
`

test('samples of a Prometheus text: labels are added up, quotes may hold anything, a time behind is no value', () => {
  assert.deepEqual(
    [...samplesIn(text, () => true)],
    [
      ['process_cpu_seconds_total', 12.47],
      ['process_resident_memory_bytes', 23_441_408],
      ['queue_message_drop', 12],
      ['process_cpu_seconds_total_created', 1],
    ],
  )
})
