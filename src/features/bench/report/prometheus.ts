import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Counter, Gauge, Registry } from 'prom-client'
import { MqttCliError } from '../../../errors.ts'
import type { BenchEvent, BenchSecond, LatencyFigures } from '../events.ts'

const quantiles = [
  ['0.5', 'p50Microseconds'],
  ['0.9', 'p90Microseconds'],
  ['0.95', 'p95Microseconds'],
  ['0.99', 'p99Microseconds'],
] as const satisfies readonly (readonly [string, keyof LatencyFigures])[]

interface PrometheusEndpoint {
  readonly port: number
  /** Takes what happens in the run into the figures. */
  emit(event: BenchEvent): void
  close(): void
}

/** Serves the figures of a run to a Prometheus while it lasts: at /metrics, and nothing else. */
export async function startPrometheus(host: string, port: number): Promise<PrometheusEndpoint> {
  const registry = new Registry()
  const take = metricsOf(registry)
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return response.writeHead(404).end()
    const text = await registry.metrics()
    return response.writeHead(200, { 'content-type': registry.contentType }).end(text)
  })
  server.listen(port, host)
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    throw new MqttCliError('local-io', `The figures could not be offered on ${host}:${port} (${cause.code})`, {
      layer: 'Prometheus',
      wording: { try: 'no-place-for-figures', place: `${host}:${port}`, code: String(cause.code) },
      tries: [{ try: 'other-place-for-figures' }],
      cause,
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    emit: (event) => {
      if (event.event === 'second') take(event.figures)
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function metricsOf(registry: Registry): (figures: BenchSecond) => void {
  const registers = [registry]
  const counter = (name: string, help: string) => new Counter({ name: `mqtt_cli_bench_${name}_total`, help, registers })
  const offered = counter('offered', 'Messages due')
  const sent = counter('sent', 'Messages sent')
  const acked = counter('acked', 'Messages confirmed')
  const received = counter('received', 'First arrivals')
  const payload = counter('payload_bytes', 'Bytes of payload received, else sent')
  const connected = new Gauge({ name: 'mqtt_cli_bench_connections', help: 'Connections that stand', registers })
  const outstanding = new Gauge({ name: 'mqtt_cli_bench_outstanding', help: 'Sent, and on their way', registers })
  const cpu = new Gauge({ name: 'mqtt_cli_bench_generator_cpu', help: 'CPU of the generator, cores', registers })
  const response = new Gauge({
    name: 'mqtt_cli_bench_response_seconds',
    help: 'Response time of the last second',
    labelNames: ['quantile'],
    registers,
  })
  const takeObserved = observedMetricsOf(registers)
  return (figures) => {
    takeObserved(figures)
    offered.inc(figures.offered)
    sent.inc(figures.sent)
    acked.inc(figures.acked)
    received.inc(figures.received)
    payload.inc(figures.payloadBytes)
    connected.set(figures.connected)
    outstanding.set(figures.outstanding)
    cpu.set(figures.cpu)
    response.reset() // a second without an answer has no time, and not that of the one before
    for (const [quantile, field] of quantiles) {
      const microseconds = figures.response?.[field] ?? null
      if (microseconds !== null) response.set({ quantile }, microseconds / 1e6)
    }
  }
}

/** Of what was asked about the broker: a source that fell silent has no series, and not its last figure. */
function observedMetricsOf(registers: Registry[]): (figures: BenchSecond) => void {
  const labelNames = ['source']
  const cpu = new Gauge({ name: 'mqtt_cli_bench_broker_cpu', help: 'CPU of the broker, cores', labelNames, registers })
  const memoryText = { name: 'mqtt_cli_bench_broker_memory_bytes', help: 'Memory of the broker' }
  const memory = new Gauge({ ...memoryText, labelNames, registers })
  const droppedText = { name: 'mqtt_cli_bench_broker_dropped_total', help: 'Dropped, by the broker’s own count' }
  const dropped = new Counter({ ...droppedText, labelNames, registers })
  const disturbed = new Counter({ name: 'mqtt_cli_bench_disturbances_total', help: 'Disturbances begun', registers })
  return ({ observed = [], marks = [] }) => {
    disturbed.inc(marks.length)
    for (const { source, cpu: used, memoryBytes, dropped: more, gap } of observed) {
      if (gap !== undefined) for (const gauge of [cpu, memory]) gauge.remove({ source })
      if (used !== null) cpu.set({ source }, used)
      if (memoryBytes !== null) memory.set({ source }, memoryBytes)
      if (more !== null) dropped.inc({ source }, more)
    }
  }
}
