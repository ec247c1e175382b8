/** What draws the charts, in the page. Drag to zoom, double-click to zoom out: the library's own ways. */
export const reportScript = `
const { result, seconds, points } = JSON.parse(document.getElementById('run').textContent)
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()
const font = '12px system-ui, sans-serif'
const axis = (more) => ({ stroke: () => colour('soft'), font, labelFont: font, labelSize: 18, grid: { stroke: () => colour('line'), width: 1 }, ticks: { stroke: () => colour('line'), width: 1 }, ...more })
const series = (label, index, value, more) => ({ label, stroke: () => colour('c' + index), width: 2, points: { show: seconds.length < 40, size: 5 }, value: (_, v) => v == null ? '–' : value(v), ...more })
const count = (v) => Math.round(v).toLocaleString('en-US')
const digits = (v) => v >= 100 ? v.toFixed(0) : v >= 10 ? v.toFixed(1) : v.toFixed(2)
const time = (us) => us < 1000 ? Math.round(us) + ' µs' : us < 1e6 ? digits(us / 1e3) + ' ms' : digits(us / 1e6) + ' s'
const short = (us) => us === 0 ? '0' : us < 1000 ? +us.toPrecision(3) + ' µs' : us < 1e6 ? +(us / 1e3).toPrecision(3) + ' ms' : +(us / 1e6).toPrecision(3) + ' s'
const compact = (v) => v >= 1e6 ? +(v / 1e6).toPrecision(3) + ' M' : v >= 1e3 ? +(v / 1e3).toPrecision(3) + ' k' : String(v)
const fromZero = { range: (_, low, high) => [0, (high || 1) * 1.08] }
const logarithmic = { distr: 3, log: 10 }
/* What was not measured lies in the shade: warm-up and drain. */
const shade = (u) => {
  const { ctx, bbox } = u
  ctx.save()
  ctx.fillStyle = colour('shade')
  seconds.forEach((each, index) => {
    if (each.phase === 'measure') return
    const [from, to] = [index === 0 ? u.scales.x.min : seconds[index - 1].second, each.second].map((x) => Math.min(Math.max(u.valToPos(x, 'x', true), bbox.left), bbox.left + bbox.width))
    ctx.fillRect(from, bbox.top, to - from, bbox.height)
  })
  ctx.restore()
}
/* When the broker was disturbed: a line over the chart, with its number in the table below. */
const disturbances = result.disturbances || []
const marks = (u) => {
  const { ctx, bbox } = u
  ctx.save()
  ctx.strokeStyle = ctx.fillStyle = colour('bad')
  ctx.lineWidth = 1.5 * devicePixelRatio
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio])
  ctx.font = 'bold ' + 12 * devicePixelRatio + 'px system-ui, sans-serif'
  ctx.textBaseline = 'top'
  disturbances.forEach((each, index) => {
    if (each.beganSecond === null) return
    const x = u.valToPos(each.beganSecond, 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) return
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.fillText(String(index + 1), x + 4 * devicePixelRatio, bbox.top + 2 * devicePixelRatio)
  })
  ctx.restore()
}
const charts = {}
const sizeOf = (place) => ({ width: Math.max(280, place.clientWidth), height: place.clientWidth < 500 ? 220 : 270 })
const chart = (id, options, data) => {
  const place = document.getElementById(id)
  if (charts[id]) charts[id].destroy()
  delete charts[id]
  if (data[0].length === 0) { place.textContent = 'not measured'; return }
  charts[id] = new uPlot({ ...sizeOf(place), cursor: { points: { size: 8 } }, ...options }, data, place)
}
const at = seconds.map((each) => each.second)
const overTime = { hooks: { drawClear: [shade], draw: [marks] } }
const xTime = axis({ values: (_, splits) => splits.map((v) => v + ' s') })
/* A look at the end of a phase is shorter than a second. */
const lasting = seconds.map((each, index) => Math.max(0.05, each.second - (index === 0 ? 0 : seconds[index - 1].second)))
const flows = ['offered', 'sent', 'acked', 'received'].filter((name) => seconds.some((each) => each[name] > 0))
chart('throughput', { ...overTime,
  scales: { x: { time: false }, y: fromZero }, axes: [xTime, axis({ size: 62, values: (_, splits) => splits.map(compact) })],
  series: [{ label: 'at', value: (_, v) => v == null ? '–' : v + ' s' }, ...flows.map((name) => series(name, { offered: 1, sent: 0, acked: 2, received: 3 }[name], count, name === 'offered' ? { dash: [6, 5] } : {}))],
}, [at, ...flows.map((name) => seconds.map((each, index) => each[name] / lasting[index]))])
const timed = seconds.filter((each) => each.response)
const drawLatency = (isLog) => chart('latency', { ...overTime,
  scales: { x: { time: false }, y: isLog ? logarithmic : fromZero }, axes: [xTime, axis({ size: 70, values: (_, splits) => splits.map((v) => v == null ? '' : short(v)) })],
  series: [{ label: 'at', value: (_, v) => v == null ? '–' : v + ' s' }, series('p50', 0, time), series('p90', 3, time), series('p95', 4, time), series('p99', 1, time), series('max', 2, time)],
}, [timed.map((each) => each.second), ...['p50', 'p90', 'p95', 'p99', 'max'].map((name) => timed.map((each) => isLog ? Math.max(1, each.response[name + 'Microseconds']) : each.response[name + 'Microseconds']))])
drawLatency(false)
const button = document.getElementById('logarithmic')
button.onclick = () => {
  const isLog = button.getAttribute('aria-pressed') !== 'true'
  button.setAttribute('aria-pressed', String(isLog))
  drawLatency(isLog)
}
if (timed.length === 0) button.remove()
/* A source that told nothing in a second leaves a gap in its line; one that tells more rarely is joined. */
const sources = (result.observed || []).map((each) => each.source)
const told = (index, of) => seconds.map((each) => each.observed && each.observed[index] ? (each.observed[index].gap === undefined ? of(each.observed[index]) ?? undefined : null) : undefined)
const bytes = (v) => v >= 1e9 ? digits(v / 1e9) + ' GB' : v >= 1e6 ? digits(v / 1e6) + ' MB' : v >= 1e3 ? digits(v / 1e3) + ' kB' : Math.round(v) + ' B'
const brokerChart = (id, what, of, value) => {
  if (sources.length === 0) return
  const lines = sources.map((source, index) => [source, told(index, of)]).filter(([, values]) => values.some((each) => each != null))
  const place = document.getElementById(id)
  if (lines.length === 0) { place.remove(); return }
  chart(id, { ...overTime, height: 170,
    scales: { x: { time: false }, y: { range: (_, low, high) => [0, id === 'broker-dropped' ? Math.max(5, high * 1.08) : (high || 1) * 1.08] } }, axes: [xTime, axis({ size: 70, values: (_, splits) => splits.map(value) })],
    series: [{ label: 'at', value: (_, v) => v == null ? '–' : v + ' s' }, ...lines.map(([source], index) => series(what + ' ' + source, index, value))],
  }, [at, ...lines.map(([, values]) => values)])
}
brokerChart('broker-cpu', 'CPU', (each) => each.cpu, (v) => +(100 * v).toPrecision(3) + ' %')
brokerChart('broker-memory', 'memory', (each) => each.memoryBytes, bytes)
brokerChart('broker-dropped', 'dropped', (each) => each.dropped, count)
const names = Object.keys(points).filter((name) => points[name].length > 1).filter((name, _, all) => name !== 'connect' || all.length === 1)
const longest = names.map((name) => points[name]).sort((a, b) => b.length - a.length)[0] || []
const odds = longest.map(({ percentile }) => 1 / (1 - percentile / 100))
const asPercent = (v) => +(100 * (1 - 1 / v)).toFixed(5) + ' %'
chart('distribution', {
  scales: { x: { time: false, ...logarithmic, range: (_, low, high) => [Math.max(1, low), high] }, y: fromZero },
  axes: [axis({ values: (u, splits) => splits.map((v) => Number.isInteger(Math.log10(v) / (u.width < 500 ? 2 : 1)) ? asPercent(v) : '') }), axis({ size: 70, values: (_, splits) => splits.map(short) })],
  series: [{ label: 'so many', value: (_, v) => v == null ? '–' : asPercent(v) }, ...names.map((name, index) => series(name, index, time, { points: { show: false } }))],
}, [odds, ...names.map((name) => longest.map((_, index) => points[name][index] ? points[name][index].microseconds : null))])
const fit = () => { for (const id of Object.keys(charts)) charts[id].setSize(sizeOf(document.getElementById(id))) }
const repaint = () => { for (const id of Object.keys(charts)) charts[id].redraw(false) }
addEventListener('resize', fit)
addEventListener('beforeprint', () => { fit(); repaint() })
addEventListener('afterprint', () => { fit(); repaint() })
matchMedia('print').addEventListener('change', () => { fit(); repaint() })
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint)
document.documentElement.dataset.drawn = 'yes'
`
