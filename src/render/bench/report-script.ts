/** What draws the charts, in the page. Drag to zoom, double-click to zoom out: the library's own ways. */
export const reportScript = `
const { result, seconds, points } = JSON.parse(document.getElementById('run').textContent)
const style = getComputedStyle(document.documentElement)
const ink = style.getPropertyValue('--ink').trim(), line = style.getPropertyValue('--line').trim()
const axis = (label, more) => ({ label, stroke: ink, grid: { stroke: line, width: 0.5 }, ticks: { stroke: line }, ...more })
const colours = ['#2f7ed8', '#e08a1e', '#c2385a', '#2a9d63']
const series = (label, index, value) => ({ label, stroke: colours[index], width: 2, points: { show: seconds.length < 60 }, value: (_, v) => v == null ? '–' : value(v) })
const rate = (v) => Math.round(v).toLocaleString('en-US')
const time = (v) => v < 1 ? (v * 1000).toFixed(0) + ' µs' : v < 1000 ? v.toPrecision(3) + ' ms' : (v / 1000).toPrecision(3) + ' s'
const chart = (id, options, data) => {
  const place = document.getElementById(id)
  if (data[0].length === 0) { place.textContent = 'not measured'; return }
  new uPlot({ width: Math.min(920, place.clientWidth || 920), height: 260, ...options }, data, place)
}
const at = seconds.map((each) => each.second)
chart('throughput', {
  scales: { x: { time: false } }, axes: [axis('seconds'), axis('messages a second', { size: 80 })],
  series: [{ label: 's' }, series('offered', 1, rate), series('sent', 0, rate), series('received', 3, rate)],
}, [at, ...['offered', 'sent', 'received'].map((name) => seconds.map((each) => each[name]))])
const timed = seconds.filter((each) => each.response)
const ms = (name) => timed.map((each) => each.response[name] / 1000)
chart('latency', {
  scales: { x: { time: false } }, axes: [axis('seconds'), axis('response, ms', { size: 80 })],
  series: [{ label: 's' }, series('p50', 0, time), series('p90', 3, time), series('p99', 1, time), series('max', 2, time)],
}, [timed.map((each) => each.second), ms('p50Microseconds'), ms('p90Microseconds'), ms('p99Microseconds'), ms('maxMicroseconds')])
const names = Object.keys(points).filter((name) => points[name].length > 1).filter((name, _, all) => name !== 'connect' || all.length === 1)
const longest = names.map((name) => points[name]).sort((a, b) => b.length - a.length)[0] || []
const odds = longest.map(({ percentile }) => 1 / (1 - percentile / 100))
const asPercent = (v) => +(100 * (1 - 1 / v)).toFixed(5) + ' %'
chart('distribution', {
  scales: { x: { time: false, distr: 3, log: 10 } },
  axes: [axis('percentile', { values: (_, splits) => splits.map((v) => Number.isInteger(Math.log10(v)) ? asPercent(v) : '') }), axis('ms', { size: 80 })],
  series: [{ label: 'percentile', value: (_, v) => v == null ? '–' : asPercent(v) }, ...names.map((name, index) => series(name, index, time))],
}, [odds, ...names.map((name) => longest.map((_, index) => points[name][index] ? points[name][index].microseconds / 1000 : null))])
document.documentElement.dataset.drawn = 'yes'
`
