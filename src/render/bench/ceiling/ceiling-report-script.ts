/** What draws the curve of a search, in the page: every window is a point, at what it asked. */
export const ceilingReportScript = `
const { points } = JSON.parse(document.getElementById('run').textContent)
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()
const font = '12px system-ui, sans-serif'
const axis = (more) => ({ stroke: () => colour('soft'), font, labelFont: font, grid: { stroke: () => colour('line'), width: 1 }, ticks: { stroke: () => colour('line'), width: 1 }, ...more })
const count = (v) => (Math.round(v * 1000) / 1000).toLocaleString('en-US')
const time = (us) => us < 1000 ? +us.toPrecision(3) + ' µs' : us < 1e6 ? +(us / 1e3).toPrecision(3) + ' ms' : +(us / 1e6).toPrecision(3) + ' s'
const compact = (v) => v >= 1e6 ? +(v / 1e6).toPrecision(3) + ' M' : v >= 1e3 ? +(v / 1e3).toPrecision(3) + ' k' : String(v)
const line = (label, index, value, more) => ({ label, stroke: () => colour('c' + index), width: 2, points: { show: true, size: 6 }, value: (_, v) => v == null ? '–' : value(v), ...more })
const dots = (label, index, value) => line(label, index, value, { width: 0, paths: () => null, points: { show: true, size: 10 } })
const charts = {}
const sizeOf = (place) => ({ width: Math.max(280, place.clientWidth), height: place.clientWidth < 500 ? 220 : 270 })
const chart = (id, options, data) => {
  const place = document.getElementById(id)
  if (data.slice(1).every((values) => values.every((each) => each == null))) { place.textContent = 'not measured'; return }
  charts[id] = new uPlot({ ...sizeOf(place), cursor: { points: { size: 8 } }, ...options }, data, place)
}
/* A point for each amount: of several windows at one the last, which is the longest. */
const last = new Map(points.map((each) => [each.at, each]))
const rows = [...last.values()]
const at = rows.map((each) => each.at)
const positive = (v) => v == null ? null : Math.max(1, v)
const x = { time: false, distr: 3, log: 10 }
const xAxis = axis({ values: (_, splits) => splits.map((v) => v == null ? '' : compact(v)) })
chart('curve-times', {
  scales: { x, y: { distr: 3, log: 10 } }, axes: [xAxis, axis({ size: 70, values: (_, splits) => splits.map((v) => v == null ? '' : time(v)) })],
  series: [{ label: 'at', value: (_, v) => v == null ? '–' : count(v) }, line('p50', 0, time), line('p99', 1, time), dots('p99, did not hold', 2, time)],
}, [at, rows.map((each) => positive(each.p50Microseconds)), rows.map((each) => positive(each.p99Microseconds)), rows.map((each) => each.outcome === 'held' ? null : positive(each.p99Microseconds))])
chart('curve-lost', {
  scales: { x, y: { range: (_, low, high) => [0, (high || 1) * 1.08] } }, axes: [xAxis, axis({ size: 62, values: (_, splits) => splits.map(compact) })],
  series: [{ label: 'at', value: (_, v) => v == null ? '–' : count(v) }, line('lost', 2, count)],
}, [at, rows.map((each) => each.lost)])
const fit = () => { for (const id of Object.keys(charts)) charts[id].setSize(sizeOf(document.getElementById(id))) }
addEventListener('resize', fit)
addEventListener('beforeprint', fit)
addEventListener('afterprint', fit)
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { for (const id of Object.keys(charts)) charts[id].redraw(false) })
document.documentElement.dataset.drawn = 'yes'
`
