import type { Debts, Judged, Standstill } from './events.ts'

/** From here on what came while measuring says more of the warm-up than of the load. */
const mostlyWarmup = 0.5

/** Why the figures are those of no load at all: nothing was sent, nothing moved, or what moved was something else. */
export function flowProblems(
  result: Judged,
  { warmupShare, awaited }: { readonly warmupShare: number; readonly awaited: number },
): string[] {
  return [
    ...emptyWindow(result),
    ...tooFew(result, awaited),
    ...standstillProblems(result.standstill),
    ...warmupProblems(result, warmupShare),
  ]
}

function emptyWindow({ publishers, mode, messages, arrivals, measuredSeconds }: Judged): string[] {
  const seconds = measuredSeconds.toFixed(1)
  if (publishers > 0 && messages?.offered === 0) {
    return [
      measuredSeconds > 0
        ? `nothing was sent in the ${seconds} s that were measured: a longer --duration, a --rate that has something due, or a broker that reads`
        : 'the run ended before measuring began: a longer run, or a shorter --warmup',
    ]
  }
  const { received = 0, duplicate = 0, ofWarmup = 0, backlog = 0, foreign = 0 } = arrivals ?? {}
  if (mode !== 'sub' || received + duplicate + ofWarmup + backlog + foreign > 0) return []
  return [
    `nothing came in ${seconds} s: start bench pub while this runs, and look whether --topic or --filter matches its topics`,
  ]
}

/** What was to end the run did not come. */
function tooFew({ arrivals }: Judged, awaited: number): string[] {
  const { received = 0, ofWarmup = 0, backlog = 0, foreign = 0 } = arrivals ?? {}
  const came = received + ofWarmup + backlog + foreign
  if (came === 0 || came >= awaited) return []
  return [`${came} of the ${awaited} messages came that were to end the run, and then no more: a longer --drain`]
}

function standstillProblems(standstill: Standstill | undefined): string[] {
  if (standstill === undefined) return []
  const { seconds, owed } = standstill
  return [
    `nothing moved for ${seconds.toFixed(1)} s while it was measured: ${whoOwes(owed)}; look into the log of the broker, or take fewer clients or a lower --rate`,
  ]
}

/** The broker, where it owes anything; else whoever is away; else we. */
export function whoOwes({ acknowledgements, deliveries, unread, unreadBytes, away }: Debts): string {
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

function warmupProblems({ warmup, rates }: Judged, share: number): string[] {
  if (warmup === undefined || share <= mostlyWarmup) return []
  const rate = Math.round(rates.keptUp ?? rates.received ?? 0)
  return [
    `${Math.round(share * 100)} % of what came while it was measured was the warm-up’s, at ${rate} messages a second: a --rate below that, or a longer --duration`,
  ]
}

/** A load that is more than the broker does measures how long it was on: said, with what it did. */
export function keptUpNotes({ rates: { asked, keptUp } }: Judged): string[] {
  if (asked === undefined || keptUp === undefined) return []
  return [
    `the broker kept up with ${Math.round(keptUp)} of the ${Math.round(asked)} messages a second that were asked: its times grow for as long as the run lasts`,
  ]
}
