import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPrometheus } from '../../../../src/features/bench/report/prometheus.ts'

test('a Prometheus reads the sums of all seconds so far, and nothing else is served', async (t) => {
  const endpoint = await startPrometheus('127.0.0.1', 0)
  t.after(endpoint.close)
  const figures = {
    phase: 'measure',
    second: 1,
    offered: 12,
    sent: 10,
    acked: 9,
    received: 8,
    outstanding: 3,
    payloadBytes: 640,
    connected: 2,
    cpu: 0.5,
    loopDelayMaxMicroseconds: 100,
  } as const

  endpoint.emit({ event: 'second', figures })
  endpoint.emit({ event: 'second', figures })
  const metrics = await (await fetch(`http://127.0.0.1:${endpoint.port}/metrics`)).text()
  const other = await fetch(`http://127.0.0.1:${endpoint.port}/`)

  assert.match(metrics, /^mqtt_cli_bench_sent_total 20$/m)
  assert.match(metrics, /^mqtt_cli_bench_offered_total 24$/m)
  assert.match(metrics, /^mqtt_cli_bench_connections 2$/m)
  assert.match(metrics, /^mqtt_cli_bench_outstanding 3$/m)
  assert.equal(other.status, 404)
})

test('what was observed of the broker has a series for each source, and none while that is silent', async (t) => {
  const endpoint = await startPrometheus('127.0.0.1', 0)
  t.after(endpoint.close)
  const load = { phase: 'measure', second: 1, offered: 0, sent: 0, acked: 0, received: 0, outstanding: 0 } as const
  const second = { ...load, payloadBytes: 0, connected: 2, cpu: 0.5, loopDelayMaxMicroseconds: 100 }
  const told = { source: 'pid:7', cpu: 0.25, memoryBytes: 5e6, dropped: 3 }
  const silent = { source: 'pid:7', cpu: null, memoryBytes: null, dropped: null, gap: 'the process has ended' }
  const read = async () => (await fetch(`http://127.0.0.1:${endpoint.port}/metrics`)).text()

  endpoint.emit({ event: 'second', figures: { ...second, observed: [told], marks: ['kill -9 7'] } })
  endpoint.emit({ event: 'second', figures: { ...second, observed: [told] } })
  const before = await read()
  endpoint.emit({ event: 'second', figures: { ...second, observed: [silent] } })
  const after = await read()

  assert.match(before, /^mqtt_cli_bench_broker_cpu\{source="pid:7"\} 0.25$/m)
  assert.match(before, /^mqtt_cli_bench_broker_memory_bytes\{source="pid:7"\} 5000000$/m)
  assert.match(before, /^mqtt_cli_bench_broker_dropped_total\{source="pid:7"\} 6$/m)
  assert.match(before, /^mqtt_cli_bench_disturbances_total 1$/m)
  assert.doesNotMatch(after, /^mqtt_cli_bench_broker_(cpu|memory_bytes)\{/m)
  assert.match(after, /^mqtt_cli_bench_broker_dropped_total\{source="pid:7"\} 6$/m)
})
