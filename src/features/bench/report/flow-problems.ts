import type { Advice } from '../../../advice.ts'
import type { Debts, Judged, Standstill } from '../events.ts'

/** From here on what came while measuring says more of the warm-up than of the load. */
const mostlyWarmup = 0.5

interface FlowCircumstances {
  readonly warmupFraction: number
  readonly awaited: number
  /** The longest standstill came of a disturbance that was asked for. */
  readonly isStandstillWanted: boolean
}

/** Why the figures are those of no load at all: nothing was sent, nothing moved, or what moved was something else. */
export function flowProblems(
  result: Judged,
  { warmupFraction, awaited, isStandstillWanted }: FlowCircumstances,
): Advice[] {
  return [
    ...emptyWindow(result),
    ...tooFew(result, awaited),
    ...(isStandstillWanted ? [] : standstillProblems(result.standstill)),
    ...warmupProblems(result, warmupFraction),
  ]
}

function emptyWindow({ publishers, mode, messages, arrivals, measuredSeconds }: Judged): Advice[] {
  const seconds = measuredSeconds.toFixed(1)
  if (publishers > 0 && messages?.offered === 0) {
    return [
      measuredSeconds > 0
        ? { try: 'something-due', because: `nothing was sent in the ${seconds} s that were measured` }
        : { try: 'shorter-warmup', because: 'the run ended before measuring began' },
    ]
  }
  const { received = 0, duplicate = 0, ofWarmup = 0, backlog = 0, foreign = 0 } = arrivals ?? {}
  if (mode !== 'sub' || received + duplicate + ofWarmup + backlog + foreign > 0) return []
  return [{ try: 'matching-topics', because: `nothing came in ${seconds} s` }]
}

/** What was to end the run did not come. */
function tooFew({ arrivals }: Judged, awaited: number): Advice[] {
  const { received = 0, ofWarmup = 0, backlog = 0, foreign = 0 } = arrivals ?? {}
  const came = received + ofWarmup + backlog + foreign
  if (came === 0 || came >= awaited) return []
  const because = `${came} of the ${awaited} messages came that were to end the run, and then no more`
  return [{ try: 'longer-drain-for-all', because }]
}

function standstillProblems(standstill: Standstill | undefined): Advice[] {
  if (standstill === undefined) return []
  return [{ try: 'less-load', because: standstillText(standstill) }]
}

/** What a disturbance does is what was to be seen. */
export function standstillNotes({ standstill }: Judged, isWanted: boolean): Advice[] {
  return standstill === undefined || !isWanted ? [] : [`${standstillText(standstill)}; the broker was disturbed`]
}

function standstillText({ seconds, owed }: Standstill): string {
  return `nothing moved for ${seconds.toFixed(1)} s while it was measured: ${whoOwes(owed)}`
}

/** The broker, where it owes anything; else whoever is away; else we. */
function whoOwes({ acknowledgements, deliveries, unread, unreadBytes, away }: Debts): string {
  const owed = [
    ...(acknowledgements > 0 ? [`${acknowledgements} acknowledgements`] : []),
    ...(deliveries > 0 ? [`${deliveries} deliveries`] : []),
  ]
  const isReading = unread === 0 && unreadBytes === 0
  const left = unread > 0 ? `${unread} messages` : `${unreadBytes} bytes`
  const said = [
    ...(owed.length > 0 ? [`the broker owed ${owed.join(' and ')}`] : []),
    ...(isReading ? [] : [`the broker did not read: ${left} waited for it`]),
    ...(away > 0 ? [`${away} connections were lost and not back`] : []),
  ]
  return said.length > 0 ? said.join(', and ') : 'the broker owed nothing, and the generator sent nothing'
}

function warmupProblems({ warmup, rates }: Judged, fraction: number): Advice[] {
  if (warmup === undefined || fraction <= mostlyWarmup) return []
  const rate = Math.round(rates.keptUp ?? rates.received ?? 0)
  const because = `${Math.round(fraction * 100)} % of what came while it was measured was the warm-up’s, at ${rate} messages a second`
  return [{ try: 'rate-below-that', because }]
}

/** A load that is more than the broker does measures how long it was on: said, with what it did. */
export function keptUpNotes({ rates: { asked, keptUp } }: Judged): string[] {
  if (asked === undefined || keptUp === undefined) return []
  return [
    `the broker kept up with ${Math.round(keptUp)} of the ${Math.round(asked)} messages a second that were asked: its times grow for as long as the run lasts`,
  ]
}
