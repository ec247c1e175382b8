// A reporter of node:test that reports nothing itself: each result as a line of JSON, for scripts/test.js to show.
const ending = new Set(['test:pass', 'test:fail'])

export default async function* testEvents(source) {
  const path = []
  for await (const { type, data } of source) {
    if (type === 'test:start') path.splice(data.nesting, path.length, data.name)
    if (!ending.has(type)) continue
    const { file, nesting, skip, details } = data
    const names = [...path.slice(0, nesting), data.name]
    const error = type === 'test:fail' ? errorText(details.error) : undefined
    const result = { names, file, nesting, skip, error, isSuite: details.type === 'suite', ms: details.duration_ms }
    yield `${JSON.stringify({ ...result, isParent: details.error?.failureType === 'subtestsFailed' })}\n`
  }
}

function errorText(error) {
  const cause = error.cause ?? error
  return typeof cause === 'string' ? cause : (cause.stack ?? String(cause.message ?? cause))
}
