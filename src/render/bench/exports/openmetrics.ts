import type { HistoryLoad, HistoryMetric, LoadHistory } from '../../../features/bench/history/history.ts'
import { versionText } from '../headline.ts'

interface Family {
  readonly name: string
  readonly unit: string
  readonly help: string
  readonly samples: string[]
}

type Labels = Readonly<Record<string, string>>

/** Every run as OpenMetrics 1.0, with the time at which it began: a Prometheus takes them in as its past. */
export function openMetricsText(loads: readonly LoadHistory[]): string {
  const families = new Map<string, Family>()
  for (const history of loads) {
    for (const metric of history.metrics) addSamples(familyOf(families, metric), metric, history)
  }
  return `${[...families.values()].flatMap(linesOf).join('\n')}\n# EOF\n`
}

function familyOf(families: Map<string, Family>, metric: HistoryMetric): Family {
  const described = description(metric)
  const found = families.get(described.name) ?? { ...described, samples: [] }
  families.set(described.name, found)
  return found
}

/** The unit is the end of the name, as it has to be. */
function description({ metric, unit, kind }: HistoryMetric): Omit<Family, 'samples'> {
  const named = (name: string, of: string, help: string) => ({ name: `mqtt_cli_bench_${name}_${of}`, unit: of, help })
  if (unit === 'µs') return named('latency', 'seconds', 'Percentiles of the times of a run.')
  if (unit === 'refusals')
    return { name: 'mqtt_cli_bench_refusals', unit, help: 'Clients and messages that the broker refused.' }
  if (kind === 'count') return named(metric, unit, `Messages ${metric}.`)
  const what = unit === 'messages/s' ? 'messages_per_second' : 'connections_per_second'
  return named(metric.replace('.', '_'), what, 'What went through while measuring.')
}

function addSamples(family: Family, metric: HistoryMetric, { load, runs }: LoadHistory): void {
  const labels = labelsText({ ...labelsOf(load), ...(metric.unit === 'µs' && { percentile: metric.metric.slice(1) }) })
  for (const [index, value] of metric.values.entries()) {
    if (value === null) continue
    const seconds = Date.parse(runs[index]?.startedAt ?? '') / 1000
    const shown = metric.unit === 'µs' ? value / 1e6 : value
    family.samples.push(`${family.name}{${labels}} ${shown} ${seconds}`)
  }
}

function labelsOf(load: HistoryLoad): Labels {
  const { mode, target, qos, publishers, subscribers, connections, payloadBytes, askedPerSecond, mqttVersion } = load
  return {
    mode,
    load: load.load,
    target,
    ...(mqttVersion !== undefined && { mqtt: versionText(mqttVersion) }),
    ...(connections === undefined
      ? { qos: String(qos), publishers: String(publishers), subscribers: String(subscribers) }
      : { connections: String(connections) }),
    payload_bytes: [...new Set(payloadBytes)].join('-'),
    ...(askedPerSecond !== undefined && { rate: String(askedPerSecond) }),
  }
}

function labelsText(labels: Labels): string {
  const escaped = (text: string) => text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')
}

function linesOf({ name, unit, help, samples }: Family): readonly string[] {
  return [`# TYPE ${name} gauge`, `# UNIT ${name} ${unit}`, `# HELP ${name} ${help}`, ...samples]
}
