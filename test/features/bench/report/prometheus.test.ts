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
