/** What draws both sides over each other, in the page. */
export const comparisonReportScript = `
const { rounds, distributions } = JSON.parse(document.getElementById('run').textContent)
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()
const font = '12px system-ui, sans-serif'
const axis = (more) => ({ stroke: () => colour('soft'), font, labelFont: font, grid: { stroke: () => colour('line'), width: 1 }, ticks: { stroke: () => colour('line'), width: 1 }, ...more })
const time = (us) => us < 1000 ? +us.toPrecision(3) + ' µs' : us < 1e6 ? +(us / 1e3).toPrecision(3) + ' ms' : +(us / 1e6).toPrecision(3) + ' s'
const count = (v) => Math.round(v).toLocaleString('en-US') + '/s'
const compact = (v) => v >= 1e6 ? +(v / 1e6).toPrecision(3) + ' M' : v >= 1e3 ? +(v / 1e3).toPrecision(3) + ' k' : String(v)
/* Both sides differ in dashes and points too, and not by colour alone. */
const side = (label, index, value, more) => ({ label, stroke: () => colour('c' + index), fill: undefined, width: 2, ...(index === 1 && { dash: [7, 4] }), value: (_, v) => v == null ? '–' : value(v), ...more })
const fromZero = { range: (_, low, high) => [0, (high || 1) * 1.08] }
const charts = {}
const sizeOf = (place) => ({ width: Math.max(280, place.clientWidth), height: place.clientWidth < 500 ? 220 : 260 })
const chart = (id, options, data) => {
  const place = document.getElementById(id)
  if (data[0].length === 0) { place.textContent = 'not measured'; return }
  charts[id] = new uPlot({ ...sizeOf(place), cursor: { points: { size: 8 } }, ...options }, data, place)
}
const longest = distributions.base.length > distributions.new.length ? distributions.base : distributions.new
const odds = longest.map(({ percentile }) => 1 / (1 - percentile / 100))
const asPercent = (v) => +(100 * (1 - 1 / v)).toFixed(5) + ' %'
const times = (points) => longest.map((_, index) => points[index] ? points[index].microseconds : null)
chart('distribution', {
  scales: { x: { time: false, distr: 3, log: 10, range: (_, low, high) => [Math.max(1, low), high] }, y: { distr: 3, log: 10 } },
  axes: [axis({ values: (u, splits) => splits.map((v) => Number.isInteger(Math.log10(v) / (u.width < 500 ? 2 : 1)) ? asPercent(v) : '') }), axis({ size: 70, values: (_, splits) => splits.map((v) => v == null ? '' : time(v)) })],
  series: [{ label: 'so many', value: (_, v) => v == null ? '–' : asPercent(v) }, side('base', 0, time, { points: { show: false } }), side('new', 1, time, { points: { show: false } })],
}, [odds, times(distributions.base).map((v) => v == null ? null : Math.max(1, v)), times(distributions.new).map((v) => v == null ? null : Math.max(1, v))])
rounds.forEach(({ unit, baseValues, newValues }, index) => {
  const most = Math.max(baseValues.length, newValues.length)
  const at = Array.from({ length: most }, (_, place) => place + 1)
  const value = unit === 'µs' ? time : count
  const short = unit === 'µs' ? (v) => v === 0 ? '0' : time(v) : compact
  const whole = (_, splits) => splits.map((v) => Number.isInteger(v) ? v : '')
  chart('round-' + index, {
    scales: { x: { time: false, range: [0.5, most + 0.5] }, y: fromZero }, axes: [axis({ values: whole }), axis({ size: 70, values: (_, splits) => splits.map(short) })],
    series: [{ label: 'run', value: (_, v) => v == null ? '–' : v }, side('base', 0, value, { points: { show: true, size: 7 } }), side('new', 1, value, { points: { show: true, size: 7 } })],
  }, [at, at.map((_, place) => baseValues[place] ?? null), at.map((_, place) => newValues[place] ?? null)])
})
const fit = () => { for (const id of Object.keys(charts)) charts[id].setSize(sizeOf(document.getElementById(id))) }
const repaint = () => { for (const id of Object.keys(charts)) charts[id].redraw(false) }
addEventListener('resize', fit)
addEventListener('beforeprint', () => { fit(); repaint() })
addEventListener('afterprint', () => { fit(); repaint() })
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint)
document.documentElement.dataset.drawn = 'yes'
`
