// A reporter of node:test that reports nothing itself: each result as a line of JSON, for scripts/test.js to show.
const ending = new Set(['test:pass', 'test:fail'])

export default async function* testEvents(source) {
  const path = []
  for await (const { type, data } of source) {
    if (type === 'test:start') path.splice(data.nesting, path.length, data.name)
    if (type === 'test:stderr') yield line({ kind: 'stderr', file: data.file, text: data.message })
    if (ending.has(type)) yield line(resultOf(data, [...path.slice(0, data.nesting), data.name]))
  }
}

function resultOf({ file, nesting, skip, details }, names) {
  const { error, type, duration_ms: ms } = details
  const isParent = error?.failureType === 'subtestsFailed' || type === 'suite' // its tests are counted themselves
  return { kind: 'result', names, file, nesting, skip, error: error && errorText(error), isParent, ms }
}

function errorText(error) {
  const cause = error.cause ?? error
  return typeof cause === 'string' ? cause : (cause.stack ?? String(cause.message ?? cause))
}

function line(event) {
  return `${JSON.stringify(event)}\n`
}
