// Bench: loads a broker, matches every message, and says whether the figures are the broker's or our own. It prints nothing
// and reads no flag: it emits events while it runs, and returns one outcome. Begin here and follow a message: `pace/` says
// when it is due, `clients/` send and receive it, `messages/` find out which one came, `counters/` count it; `workers/` do
// that in one thread or in several, `coordinator/` leads them from phase to phase, `report/` judges what was counted,
// `surroundings/` says under which circumstances, and `compare/` holds results against others. A
// folder imports from those below it only: `test/support/architecture/layers.ts` has their order.

import { MqttCliError } from '../../errors.ts'
import { type BenchRequest, runNameOf } from './bench-context.ts'
import { LoadCoordinator } from './coordinator/load-coordinator.ts'
import { totalOf } from './counters/connect-counters.ts'
import { LatencyRecorder } from './counters/latency-recorder.ts'
import { localFaultError } from './counters/local-fault.ts'
import { loopbackBaseline } from './counters/loopback-baseline.ts'
import type { BenchOutcome, BenchResult, Reasons } from './events.ts'
import { withPayloadBounds } from './messages/payload-bounds.ts'
import { refuseImpossibleNames } from './naming/refuse-impossible-names.ts'
import { flightMemory } from './pace/flight.ts'
import { preflight } from './preflight/preflight.ts'
import { inCompany } from './rendezvous/in-company.ts'
import { loadResult } from './report/load-result.ts'
import { clearRetainedOfRun } from './retained/retained-of-run.ts'
import { partOfRun } from './shards/part-of-run.ts'
import { withRuler } from './surroundings/ruler.ts'
import { surrounded } from './surroundings/surrounded.ts'
import { workersOf } from './workers/workers-of.ts'

/** Runs publishers and subscribers against a broker, and says what came of every message. */
export async function runBench(asked: BenchRequest): Promise<BenchOutcome> {
  refuseImpossibleNames(asked.settings, runNameOf(asked))
  const whole = withPayloadBounds(asked.settings, runNameOf(asked))
  const context = { ...asked, settings: partOfRun(whole, runNameOf(asked)), flight: flightMemory() }
  await preflight(context)
  const floor = await loopbackBaseline()
  const { value: run, ruler } = await withRuler(context, () =>
    inCompany(context, async (rendezvous) => {
      const coordinator = new LoadCoordinator(context, workersOf('load', context), rendezvous)
      await coordinator.run()
      return coordinator
    }),
  )
  const { clearsRetained } = context.settings
  const retained = clearsRetained && (await clearRetainedOfRun(context, run.sent, run.counters.version))
  const counted = { ...loadResult(context, run, floor), ...(retained && { retained }) }
  const result = await surrounded(counted, context, ruler)
  const failure = failureOf(result, run.failure)
  return {
    result,
    seconds: run.meter.seconds,
    distributions: distributionsOf(run, result),
    points: pointsOf(run, result),
    ...(failure && { failure }),
  }
}

function distributionsOf(run: LoadCoordinator, result: BenchResult): BenchOutcome['distributions'] {
  const { counters } = run
  return {
    ...(result.response && mapped(arrivalTimes(run, result), (times) => times.hgrm())),
    ...(result.acknowledged && { acknowledged: counters.published.response.hgrm() }),
    connect: counters.connect.times.hgrm(),
  }
}

function pointsOf(run: LoadCoordinator, result: BenchResult): BenchOutcome['points'] {
  const { counters } = run
  return {
    ...(result.response && mapped(arrivalTimes(run, result), (times) => times.points())),
    ...(result.acknowledged && { acknowledged: counters.published.response.points() }),
    connect: counters.connect.times.points(),
  }
}

/** Times that the result refuses to tell, since clocks leave too much of them open, are in no other form of it either. */
function arrivalTimes({ counters }: LoadCoordinator, { histograms }: BenchResult) {
  const { response, service } = counters.arrived
  const nothing = new LatencyRecorder()
  return {
    response: histograms.response === undefined ? nothing : response,
    service: histograms.service === undefined ? nothing : service,
  }
}

function mapped<Value>(
  times: ReturnType<typeof arrivalTimes>,
  form: (times: LatencyRecorder) => Value,
): { readonly response: Value; readonly service: Value } {
  return { response: form(times.response), service: form(times.service) }
}

/** What is our own machine's before a loss, that or a refusal before a figure that cannot be trusted, and that before a threshold that did not hold. */
export function failureOf(result: BenchResult, first: MqttCliError | undefined): MqttCliError | undefined {
  return (
    faultOf(result) ??
    lossOf(result, first) ??
    refusalOf(result) ??
    leftBehind(result) ??
    invalid(result) ??
    missed(result)
  )
}

function faultOf({ connect: { faults, attempted } }: BenchResult): MqttCliError | undefined {
  return totalOf(faults) === 0 ? undefined : localFaultError(faults, attempted)
}

function lossOf({ connect, messages }: BenchResult, first: MqttCliError | undefined): MqttCliError | undefined {
  const away = totalOf(connect.lost) - connect.reconnected
  const { unconfirmed = 0, unsent = 0 } = messages ?? {}
  if (away > 0) {
    return new MqttCliError(
      first?.kind === 'protocol' ? 'protocol' : first?.kind === 'refused' ? 'refused' : 'lost',
      `${away} of ${connect.connected} connections were lost, and were not there at the end: ${reasons(connect.lost)}`,
      {
        ...first?.details,
        tries: ['look into the broker’s log', 'fewer clients or a lower rate'],
      },
    )
  }
  if (unconfirmed === 0) return first?.kind === 'lost' ? first : undefined
  return new MqttCliError(
    'lost',
    `${unconfirmed} messages were sent and not confirmed, ${unsent} were due and never sent`,
    {
      tries: ['look into the broker’s log', { try: 'longer-drain' }],
    },
  )
}

function refusalOf({ connect, messages }: BenchResult): MqttCliError | undefined {
  const refused = addedUp(connect.refused, messages?.refused ?? {})
  if (totalOf(refused) === 0) return undefined
  return new MqttCliError('refused', `The broker refused part of the load: ${reasons(refused)}`, {
    tries: ['look at the broker’s limits and access rules', { try: 'lower-connect-rate' }],
    facts: { refused },
  })
}

function leftBehind({ retained }: BenchResult): MqttCliError | undefined {
  if (retained === undefined) return undefined
  const { topics, cleared, left } = retained
  if (left === 0 && cleared === topics) return undefined
  const said =
    left === null ? 'whether they are gone the broker did not say' : `${left} are still there when it is asked anew`
  const tries = [
    'look at the broker’s access rules for those topics',
    'clear them by hand: mqtt-cli sub can remove what is retained',
  ]
  return new MqttCliError('lost', `${cleared} of ${topics} retained messages were cleared; ${said}`, { tries })
}

/** The same reason may be that of connections and of messages. */
function addedUp(one: Reasons, other: Reasons): Reasons {
  const sums = new Map(Object.entries(one))
  for (const [reason, count] of Object.entries(other)) sums.set(reason, (sums.get(reason) ?? 0) + count)
  return Object.fromEntries(sums)
}

function reasons(counts: Reasons): string {
  return Object.entries(counts)
    .map(([reason, count]) => `${count} × ${reason}`)
    .join(', ')
}

function invalid({ verdict }: BenchResult): MqttCliError | undefined {
  if (verdict.isValid) return undefined
  const [first = ''] = verdict.problems
  return new MqttCliError('invalid-result', `The result is not valid: ${first}`, {
    tries: ['change that, and run it again'],
  })
}

function missed({ thresholds }: BenchResult): MqttCliError | undefined {
  const failed = thresholds.filter(({ held }) => !held)
  if (failed.length === 0) return undefined
  const shown = failed.map(({ words }) => words).join('; ')
  return new MqttCliError('demand', `${failed.length} of ${thresholds.length} thresholds did not hold: ${shown}`, {
    tries: ['the figures are above'],
  })
}
