import type { Advice, Wording } from '../../../advice.ts'
import { totalOf } from '../counters/connect-counters.ts'
import type { ArrivalCounts, GeneratorFigures, Judged, Measure, Verdict } from '../events.ts'
import { clockNotes, clockProblems } from './clock-problems.ts'
import { flowProblems, keptUpNotes, standstillNotes } from './flow-problems.ts'
import { shardProblems } from './shard-problems.ts'

/** A generator that uses this much of a core was the limit, whatever the broker could do. */
const busyCpu = 0.95
/** Our own delay of a message, beyond which its time is not the broker's. */
const longestOwnDelayMicroseconds = 20_000
/** With fewer samples of the event loop the p99 is the one that happened to be the longest. */
const fewestSamples = 100
/** Below this nobody takes our part for the broker's. */
const shortestOwnDelayMicroseconds = 200
/** Below this a fraction of CPU says nothing. */
const shortestSeconds = 0.5
/** Achieved may differ from asked by this fraction. */
const rateTolerance = 0.01

/** What the figures do not say. */
interface Circumstances {
  /** The broker runs in this process. */
  readonly isEmbedded: boolean
  /** Of what came while measuring, the part that was due in the warm-up. */
  readonly warmupFraction: number
  /** `bench sub`: so many messages were to end the run; 0 where time does. */
  readonly awaited: number
  /** The longest standstill came of a disturbance that was asked for. */
  readonly isStandstillWanted: boolean
}

/**
 * Whether the figures are the broker's or our own: then they say nothing of it, and what to change is said instead, in
 * the words of the command.
 */
export function verdictOf(result: Judged, { isEmbedded, ...circumstances }: Circumstances, word: Wording): Verdict {
  const own = result.load === 'paced' ? pacedProblems(result) : saturateProblems(result, isEmbedded)
  const problems = [...flowProblems(result, circumstances), ...clockProblems(result), ...shardProblems(result), ...own]
  const said = (advice: readonly Advice[]) => advice.flatMap((each) => word(each) ?? [])
  return {
    isValid: problems.length === 0,
    problems: said(problems),
    notes: said([...standstillNotes(result, circumstances.isStandstillWanted), ...notesOf(result, isEmbedded)]),
  }
}

/** Whether a load at a rate came later, or to less, than was asked because of us. */
export function isGeneratorTheLimit(result: Judged): boolean {
  return result.load === 'paced' && pacedProblems(result).length > 0
}

function pacedProblems(result: Judged): Advice[] {
  const { generator, rates } = result
  const problems: Advice[] = standstills(result)
  const delay = generator.sendDelay?.p99Microseconds ?? 0
  if (delay > longestOwnDelayMicroseconds) {
    const because = `the generator sent 1 % of the messages more than ${Math.round(delay / 1000)} ms after they could have left`
    problems.push({ try: 'lower-rate-or-free-core', because })
  }
  const { asked, sent } = rates
  const isShort = asked !== undefined && typeof sent === 'number' && sent < asked * (1 - rateTolerance)
  if (isShort && busiest(generator) >= busyCpu) {
    const because = `asked for ${Math.round(asked)} messages a second and made ${Math.round(sent)}, at ${percent(busiest(generator))} of a core`
    problems.push({ try: 'lower-rate-or-workers', because, workers: generator.workers + 1 })
  }
  return problems
}

/** While the event loop stands still nothing is read: what came meanwhile is timed late, and acknowledgements wait. */
function standstills({ generator: { loopDelay }, response, acknowledged }: Judged): Advice[] {
  const delay = loopDelay.p99Microseconds
  const measured = (response ?? acknowledged)?.p99Microseconds
  if (typeof measured !== 'number' || delay === null || loopDelay.count < fewestSamples) return []
  if (delay <= longestOwnDelayMicroseconds || delay < measured / 2) return []
  const because = `the generator’s event loop stood still for up to ${Math.round(delay / 1000)} ms (p99), and a p99 of ${Math.round(measured / 1000)} ms is that and not the broker`
  return [{ try: 'free-core-or-lower-rate', because }]
}

/** A median that is mostly our own delay is said to be so. */
function ownDelayNotes({ generator: { sendDelay }, response, acknowledged, load }: Judged): string[] {
  const measured = (response ?? acknowledged)?.p50Microseconds ?? 0
  const own = sendDelay?.p50Microseconds ?? 0
  if (load !== 'paced' || own < measured / 2 || own < shortestOwnDelayMicroseconds) return []
  return [
    `half of the messages left ${own} µs or more after they were due, which is most of the median response time of ${measured} µs: timers of this program come up to a millisecond late. The service time has none of it`,
  ]
}

function saturateProblems({ generator, mode, measuredSeconds }: Judged, isEmbedded: boolean): Advice[] {
  if (
    isEmbedded ||
    measuredSeconds < shortestSeconds ||
    mode === 'sub' ||
    mode === 'conn' ||
    busiest(generator) < busyCpu
  )
    return []
  const because = `the generator used ${percent(busiest(generator))} of a core: it was the limit, and the broker may do more`
  return [{ try: 'paced-or-workers', because, workers: generator.workers + 1 }]
}

/** A thread has one core, however many the process uses. */
function busiest({ cpu, busiestWorkerCpu }: GeneratorFigures): number {
  return busiestWorkerCpu ?? cpu ?? 0
}

function notesOf(result: Judged, isEmbedded: boolean): Advice[] {
  const { response, arrivals, connect, measuredSeconds } = result
  const notes: Advice[] = []
  if (isEmbedded)
    notes.push(
      'the broker runs in this process and shares its core: a trial of the command, no measurement of a broker',
    )
  if (result.load === 'saturate' && measuredSeconds < shortestSeconds) {
    notes.push(`${measuredSeconds.toFixed(2)} s are too short to tell who was the limit, broker or generator`)
  }
  if (response !== undefined && clustersAt40(response.p50Microseconds, response.p99Microseconds)) {
    notes.push(
      'response times cluster at 40 ms: Nagle’s algorithm and delayed acknowledgements; set TCP_NODELAY at the broker',
    )
  }
  notes.push(...keptUpNotes(result), ...clockNotes(result), ...ownDelayNotes(result))
  if (arrivals !== undefined) notes.push(...arrivalNotes(arrivals))
  if ((result.slow?.lateToArrive ?? 0) > 0) {
    notes.push(
      'slow subscribers had not caught up when the drain was over: what the broker dropped of theirs behind that is among what came too late',
    )
  }
  if (totalOf(connect.lost) > 0) {
    notes.push(`${totalOf(connect.lost)} connections were lost during the run, and ${connect.reconnected} came back`)
  }
  return notes
}

function arrivalNotes({ foreign, lost }: ArrivalCounts): Advice[] {
  const notes: Advice[] = foreign === 0 ? [] : [`${foreign} payloads were not of this run, and are in no other figure`]
  if (lost !== undefined) return notes
  const because =
    'below MQTT 5 nothing travels beside a payload of your own: arrivals are counted, and neither matched nor timed'
  return [...notes, { try: 'version-5-matches', because }]
}

function clustersAt40(...microseconds: readonly Measure[]): boolean {
  return microseconds.some((each) => each !== null && each >= 39_000 && each <= 45_000)
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`
}
