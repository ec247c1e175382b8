import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import type { Dashboard, Panel } from '@grafana/schema'
import { parser } from '@prometheus-io/lezer-promql'
import { startPrometheus } from '../../src/features/bench/report/prometheus.ts'
import { typeFaultsOf } from '../support/program/type-faults.ts'

const path = join(import.meta.dirname, '..', '..', 'deploy', 'grafana', 'dashboard.json')
const dashboard = JSON.parse(readFileSync(path, 'utf8')) as Dashboard
const panels = (dashboard.panels ?? []) as Panel[]
const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => String(expr)))
/** How a panel names the data source that its reader chose. */
const chosen = '$'.concat('{datasource}') // whole, it looks like a template that lacks its backticks
const variables = dashboard.templating?.list ?? []

/** Values in place of what Grafana fills in before it asks. */
function filled(query: string): string {
  return query.replace('$__rate_interval', '15s').replace(/\$\w+/g, '.*')
}

/** Whether Prometheus' own grammar reads all of it. */
function isPromQl(query: string): boolean {
  let hasFault = false
  parser.parse(filled(query)).iterate({
    enter: ({ type }) => {
      hasFault ||= type.isError
    },
  })
  return !hasFault
}

describe('the dashboard for Grafana', () => {
  let exported: ReadonlySet<string>

  before(async () => {
    const endpoint = await startPrometheus('127.0.0.1', 0)
    const metrics = await (await fetch(`http://127.0.0.1:${endpoint.port}/metrics`)).text()
    endpoint.close()
    exported = new Set([...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!))
  })

  test('asks for nothing that bench does not export', () => {
    const asked = [...queries, ...variables.map(({ query }) => JSON.stringify(query ?? ''))]
    const names = asked.flatMap((text) => text.match(/mqtt_cli_bench_\w+/g) ?? [])

    assert.ok(names.length > queries.length, 'every query names a metric')
    assert.deepEqual(
      names.filter((name) => !exported.has(name)),
      [],
    )
  })

  test('shows everything that bench exports', () => {
    assert.deepEqual(
      [...exported].filter((name) => !queries.some((query) => query.includes(name))),
      [],
    )
  })

  test('asks in PromQL', () => {
    assert.deepEqual(
      queries.filter((query) => !isPromQl(query)),
      [],
    )
    assert.equal(isPromQl('sum(rate(a[15s])'), false, 'and what is none would be found')
  })

  test('is a dashboard by the types of Grafana, every field of it', () => {
    assert.equal(typeFaultsOf(dashboard, 'Dashboard', '@grafana/schema'), '')
    assert.match(typeFaultsOf({ ...dashboard, pannels: [] }, 'Dashboard', '@grafana/schema'), /pannels/)
  })

  test('has each panel once, beside the others, with what it asks and of whom', () => {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
    for (const { title, type, gridPos, targets = [], datasource } of panels) {
      assert.match(type, /^(stat|timeseries)$/, title)
      assert.equal(datasource?.uid, chosen, title)
      assert.ok(gridPos !== undefined && gridPos.x + gridPos.w <= 24, title)
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title)
      for (const { datasource: asked } of targets) assert.deepEqual(asked, datasource, title)
    }
    assert.deepEqual(overlaps(panels), [])
  })

  test('takes the Prometheus that its reader chooses, and the shards of a run', () => {
    assert.deepEqual(
      variables.map(({ name, type }) => [name, type]),
      [
        ['datasource', 'datasource'],
        ['job', 'query'],
        ['instance', 'query'],
      ],
    )
    for (const query of queries) assert.match(query, /\{job=~"\$job", instance=~"\$instance"/)
  })

  test('averages no percentiles', () => {
    for (const query of queries.filter((each) => each.includes('response_seconds')))
      assert.doesNotMatch(query, /avg|sum|rate|quantile\(/)
  })
})

function overlaps(all: readonly Panel[]): string[] {
  const places = all.flatMap(({ title, gridPos }) => (gridPos === undefined ? [] : [{ title, ...gridPos }]))
  return places.flatMap((one, index) =>
    places
      .slice(index + 1)
      .filter(({ x, y, w, h }) => one.x < x + w && x < one.x + one.w && one.y < y + h && y < one.y + one.h)
      .map(({ title }) => `${one.title} and ${title}`),
  )
}
