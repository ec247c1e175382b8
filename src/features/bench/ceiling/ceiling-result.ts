import type { Advice } from '../../../advice.ts'
import { MqttCliError } from '../../../errors.ts'
import { targetText } from '../report/target-text.ts'
import type { CeilingSearch } from './ceiling-search.ts'
import type { CeilingOutcome, CeilingResult } from './events.ts'
import { contradictions } from './search-step.ts'
import type { CeilingAxis } from './settings.ts'
import type { WindowRequest, WindowRunner } from './window-runner.ts'

/** What a search came to, also one that was stopped. */
export function ceilingOutcome(request: WindowRequest, search: CeilingSearch, runner: WindowRunner): CeilingOutcome {
  const { plan, settings, startedAt, signal } = request
  const end = signal.aborted ? 'stopped' : (search.end ?? 'stopped')
  const confirmed = search.confirmed === undefined ? undefined : runner.confirmed
  const result: CeilingResult = {
    v: 1,
    type: 'bench-max',
    mode: plan.mode,
    axis: plan.axis,
    startedAt,
    target: targetText(settings),
    demands: plan.demands.map(({ text }) => text),
    ...confirmedFigures(plan.axis, search.confirmed ?? null),
    ...(confirmed && { confirmed: confirmed.result }),
    end,
    isMonotonic: contradictions(search.tried).length === 0,
    stoppedEarly: end === 'stopped',
    curve: runner.curve,
    verdict: verdictOf(request, search, runner, end),
  }
  const failure = failureOf(result, runner.gone)
  return { result, seconds: confirmed?.seconds ?? [], points: confirmed?.points ?? {}, ...(failure && { failure }) }
}

function confirmedFigures(axis: CeilingAxis, at: number | null) {
  return {
    confirmedRatePerSecond: axis === 'rate' ? at : null,
    ...(axis === 'connections' && { confirmedConnections: at }),
    ...(axis === 'subscribers' && { confirmedSubscribers: at }),
  }
}

function verdictOf(
  { plan, settings, word }: WindowRequest,
  search: CeilingSearch,
  runner: WindowRunner,
  end: CeilingResult['end'],
) {
  const workers = settings.workers === 'auto' ? 2 : settings.workers + 1
  const problems: Advice[] =
    end === 'generator' ? [{ try: 'more-generators', because: ourLimit(search, plan.axis), workers }] : []
  const notes: Advice[] = [...endNotes(search, end, plan.axis), ...contradictionNotes(search, plan.axis)]
  const said = (advice: readonly Advice[]) => advice.flatMap((each) => word(each) ?? [])
  return {
    isValid: problems.length === 0,
    problems: said(problems),
    notes: [...said(notes), ...(runner.confirmed?.result.verdict.notes ?? [])],
  }
}

/** From the lowest at which it was we who could no more. */
function ourLimit({ tried, confirmed }: CeilingSearch, axis: CeilingAxis): string {
  const unusable = tried.filter(({ judgement }) => judgement === 'unusable').map(({ at }) => at)
  const said = `the generator was the limit at ${amountText(Math.min(...unusable), axis)}`
  return confirmed === undefined ? said : `${said}, and the broker may do more than ${amountText(confirmed, axis)}`
}

function endNotes({ tried, confirmed }: CeilingSearch, end: CeilingResult['end'], axis: CeilingAxis): Advice[] {
  switch (end) {
    case 'bound':
      return [`more than ${amountText(confirmed ?? 0, axis)} was not to be tried: the broker may do more`]
    case 'not rested':
      return [{ try: 'lower-start', because: 'the broker did not come back to rest after more than it could do' }]
    case 'not steady':
      return ['what held did not hold again, at no rate that was tried: the broker, or this machine, is not steady']
    case 'never good':
      return [`the least that was tried is ${amountText(Math.min(...tried.map(({ at }) => at)), axis)}`]
    case 'stopped':
      return ['stopped early: what was not confirmed by then is not in the result']
    case 'found':
    case 'generator':
      return []
  }
}

/** One is enough to know it by. */
function contradictionNotes({ tried }: CeilingSearch, axis: CeilingAxis): Advice[] {
  const [first, ...others] = contradictions(tried)
  if (first === undefined) return []
  const { failed, passed } = first
  const more = others.length === 0 ? '' : `, and ${others.length} more like that`
  return [
    `not monotonic: ${amountText(failed.at, axis)} failed and ${amountText(passed.at, axis)} held${more}; look at the curve before you trust one figure`,
  ]
}

function failureOf(
  { verdict, end, ...result }: CeilingResult,
  gone: MqttCliError | undefined,
): MqttCliError | undefined {
  if (end === 'stopped') return undefined
  if (end === 'not rested' && gone !== undefined) return gone
  const [problem] = verdict.problems
  if (problem !== undefined) {
    return new MqttCliError('invalid-result', `The result is not valid: ${problem}`, {
      tries: ['change that, and run it again'],
    })
  }
  if (result.confirmed !== undefined) return undefined
  return new MqttCliError('demand', `Nothing was confirmed: ${result.demands.join(', ')}`, {
    tries: ['the curve above says what failed where', 'ask for less, or begin lower'],
  })
}

/** `12,300/s`, `500 connections`. */
function amountText(at: number, axis: CeilingAxis): string {
  const number = at.toLocaleString('en-US', { maximumFractionDigits: 3 })
  return axis === 'rate' ? `${number}/s` : `${number} ${axis}`
}
