import { type BenchContext, runNameOf } from '../bench-context.ts'
import type { LoadCoordinator } from '../coordinator/load-coordinator.ts'
import type { LatencyRecorder } from '../counters/latency-recorder.ts'
import { noFigures } from '../counters/second-figures.ts'
import type {
  ArrivalCounts,
  BenchResult,
  GeneratorFigures,
  Judged,
  LatencyFigures,
  Measure,
  MessageCounts,
} from '../events.ts'
import { isCountedOnly } from '../messages/load-payloads.ts'
import { rateShareOf, wholeOf } from '../settings.ts'
import type { HeardFigures } from '../shard-figures.ts'
import { arrivalCounts } from '../workers/publisher-figures.ts'
import { clockErrorOf, doClocksDisagree, isTooUncertain } from './clock-problems.ts'
import { shardReport } from './shard-report.ts'
import { slowFigures } from './slow-figures.ts'
import { subscriberSpread } from './subscriber-spread.ts'
import { targetText } from './target-text.ts'
import { evaluate } from './thresholds.ts'
import { verdictOf } from './verdict.ts'

/** A broker with so much of the load before it does not keep up: a pause of its own is shorter. */
const farBehindSeconds = 0.5

/** Everything that a run of publishers and subscribers found out. */
export function loadResult(
  context: BenchContext,
  run: LoadCoordinator,
  floor: LatencyFigures | undefined,
): BenchResult {
  const measured = judgedResult(context, run, floor)
  const { isEmbedded, mode, end } = context.settings
  const awaited = mode === 'sub' && end.by === 'messages' ? end.count : 0
  const { receivedOfWarmup, received } = run.meter
  const warmupFraction = received === 0 ? 0 : receivedOfWarmup / received
  const disturbed = run.watch.disturbedMicroseconds ?? Number.POSITIVE_INFINITY
  const isStandstillWanted = run.standstills.longestEndMicroseconds >= disturbed
  const circumstances = { isEmbedded, warmupFraction, awaited, isStandstillWanted }
  const judged = { ...measured, verdict: verdictOf(measured, circumstances, context.word) }
  return { ...judged, thresholds: evaluate(context.settings.thresholds, judged) }
}

function judgedResult(context: BenchContext, run: LoadCoordinator, floor: LatencyFigures | undefined): Judged {
  const { settings, startedAt } = context
  const { counters } = run
  const measuredSeconds = run.meter.measuredMicroseconds / 1e6
  const messages = settings.publishers > 0 ? counters.published.measure.counts(settings.qos > 0) : undefined
  const { perPublisher } = run
  const early = counters.arrived.measure.earlyMicroseconds
  const isCounted = isCountedOnly(settings, counters.version)
  const arrivals =
    settings.subscribers > 0
      ? asKnownHere(
          settings,
          run.heard,
          arrivalCounts(counters.arrived.measure, perPublisher, isCounted, counters.arrived.warmup),
        )
      : undefined
  return {
    v: 1,
    type: 'bench-result',
    mode: settings.mode,
    load: wholeOf(settings).publishers === 0 ? 'none' : settings.load.mode,
    runId: runNameOf(context),
    startedAt,
    target: targetText(settings),
    mqttVersion: counters.version,
    qos: settings.qos,
    publishers: settings.publishers,
    subscribers: settings.subscribers,
    payloadBytes: settings.payloadBytes,
    measuredSeconds,
    connect: counters.connect.figures,
    ...(messages && { messages }),
    ...(settings.warmupMs > 0 && messages && { warmup: counters.published.warmup.counts(settings.qos > 0) }),
    ...(arrivals && { arrivals }),
    ...(arrivals && !isCounted && { perPublisher, ...subscribersOf(context, run) }),
    ...(settings.subscribers > 0 && { subscribed: counters.subscribed.figures }),
    ...shardReport(settings, { ...factsOf(run), seconds: run.meter.seconds }),
    rates: ratesOf(context, run, messages, arrivals),
    ...(messages && { outstanding: run.meter.outstanding }),
    ...(run.standstills.longest && { standstill: run.standstills.longest }),
    ...(early > 0 && { earlyMicroseconds: early }),
    ...latencies(context, run),
    generator: generatorOf(run, messages, arrivals, floor, context),
    ...run.watch.figures,
  }
}

/** What a shard knows of itself and of the others. */
function factsOf({ sent, heard, others, clocks }: LoadCoordinator) {
  return { sent, heard, others, clocks }
}

/** How much publishers of other shards sent is known there: what they owe is told when the shards are put together. */
function asKnownHere(
  { part }: BenchContext['settings'],
  heard: readonly HeardFigures[],
  arrivals: ArrivalCounts,
): ArrivalCounts {
  if (part === undefined || part.whole.publishers === 0) return arrivals
  const here = new Set(part.publishers.numbers)
  const { expected, backlog: _, ...known } = arrivals
  const isKnown = expected !== undefined && heard.every(({ publisher }) => here.has(publisher))
  return isKnown ? { ...known, expected } : known
}

/** How they differ, and what those did that are slow on purpose. */
function subscribersOf({ settings: { slow } }: BenchContext, { subscribers, counters, clocks }: LoadCoordinator) {
  const isTold = isToldBy(counters.arrived, clockErrorOf(clocks))
  const perSubscriber = isTold(counters.arrived.response) ? subscriberSpread(subscribers) : undefined
  const { startMicroseconds } = counters.phases
  const thinkMilliseconds = slow?.thinkMs ?? 0
  const run = { thinkMilliseconds, response: counters.slowResponse, startMicroseconds }
  return {
    ...(perSubscriber && { perSubscriber }),
    ...(slow && { slow: slowFigures(subscribers, run) }),
  }
}

/** Of what moved while measuring: a backlog that drains afterwards is no throughput. */
function ratesOf(
  { settings }: BenchContext,
  { meter }: LoadCoordinator,
  messages: MessageCounts | undefined,
  arrivals: ArrivalCounts | undefined,
): BenchResult['rates'] {
  const seconds = meter.measuredMicroseconds / 1e6
  const perSecond = (count: number) => (seconds > 0 ? count / seconds : null)
  const { load } = settings
  const isPaced = load.mode === 'paced' && messages !== undefined
  const asked = isPaced
    ? 'ratePerSecond' in load
      ? load.ratePerSecond * rateShareOf(settings)
      : (perSecond(messages.offered) ?? 0)
    : undefined
  const isKnown = arrivals === undefined || arrivals.expected !== undefined
  const keptUp =
    asked === undefined || !isKnown ? undefined : keptUpRate(settings, meter, asked, fanOut(messages, arrivals))
  return {
    ...(asked !== undefined && { asked }),
    ...(keptUp !== undefined && { keptUp }),
    ...(messages && { sent: perSecond(meter.sent) }),
    ...(settings.subscribers > 0 && { received: perSecond(meter.received) }),
    payloadBytes: perSecond(meter.payloadBytes),
  }
}

/** Arrivals that each message should bring. */
export function fanOut(messages: MessageCounts | undefined, arrivals: ArrivalCounts | undefined): number {
  const { expected = 0 } = arrivals ?? {}
  return expected > 0 && messages !== undefined && messages.sent > 0 ? expected / messages.sent : 1
}

/** What the broker really did, where at the end it was further behind than a moment. */
function keptUpRate(
  { subscribers, qos }: BenchContext['settings'],
  meter: LoadCoordinator['meter'],
  asked: number,
  arrivalsEach: number,
): number | undefined {
  const seconds = meter.measuredMicroseconds / 1e6
  const behind = Math.max(0, asked * seconds - meter.sent) + meter.outstanding.atEnd / arrivalsEach
  if (seconds <= 0 || behind <= asked * farBehindSeconds) return undefined
  const done = subscribers > 0 ? meter.received / arrivalsEach : qos > 0 ? meter.acked : meter.read
  return done / seconds
}

/** Where the load saturates and nobody subscribes, acknowledgements are read in bulk: their times would not be the broker's. */
function latencies({ settings }: BenchContext, { counters, loopDelay, clocks }: LoadCoordinator) {
  const { arrived, published, connect, version } = counters
  const clockError = clockErrorOf(clocks)
  const isTold = isToldBy(arrived, clockError)
  const hasArrivals = settings.subscribers > 0 && !isCountedOnly(settings, version)
  const hasAcknowledgements = settings.qos > 0 && settings.publishers > 0 && settings.load.mode === 'paced'
  const histograms = {
    connect: connect.times.encoded(),
    loopDelay: loopDelay.encoded(),
    ...(settings.subscribers > 0 && { subscribed: counters.subscribed.encoded() }),
    ...(settings.slow && hasArrivals && isTold(counters.slowResponse) && { slow: counters.slowResponse.encoded() }),
    ...(connect.reconnected > 0 && { outages: connect.outages.encoded() }),
    ...(settings.load.mode === 'paced' && settings.publishers > 0 && { sendDelay: published.sendDelay.encoded() }),
    ...(hasArrivals && isTold(arrived.response) && { response: arrived.response.encoded() }),
    ...(hasArrivals && isTold(arrived.service) && { service: arrived.service.encoded() }),
    ...(hasAcknowledgements && {
      acknowledged: published.response.encoded(),
      acknowledgedService: published.service.encoded(),
    }),
  }
  return {
    ...(hasArrivals && arrivalTimes(arrived, isTold, clockError)),
    ...(hasAcknowledgements && acknowledgedFigures(published)),
    histograms,
  }
}

/** Which times can be told by the clocks that they were taken by. */
function isToldBy(
  { service, measure }: LoadCoordinator['counters']['arrived'],
  clockError: Measure | undefined,
): (times: LatencyRecorder) => boolean {
  const isRefused = doClocksDisagree(measure.earlyMicroseconds, service.figures, clockError)
  return ({ figures }) => !isRefused && !isTooUncertain(clockError, figures.p50Microseconds)
}

/** By clocks that disagree there is no time. */
function arrivalTimes(
  { response, service }: LoadCoordinator['counters']['arrived'],
  isTold: (recorder: LatencyRecorder) => boolean,
  clockErrorMicroseconds: Measure | undefined,
) {
  const error = clockErrorMicroseconds === undefined ? {} : { clockErrorMicroseconds }
  const told = (times: LatencyRecorder) => ({ ...(isTold(times) ? times.figures : noFigures), ...error })
  return { response: told(response), service: told(service) }
}

function acknowledgedFigures({ response, service }: { response: LatencyRecorder; service: LatencyRecorder }) {
  return { acknowledged: response.figures, acknowledgedService: service.figures }
}

function generatorOf(
  run: LoadCoordinator,
  messages: MessageCounts | undefined,
  arrivals: ArrivalCounts | undefined,
  floor: LatencyFigures | undefined,
  { figures, settings }: BenchContext,
): GeneratorFigures {
  const { cpuMicroseconds, wallMicroseconds } = run.meter
  const handled =
    (messages?.sent ?? 0) + (arrivals?.received ?? 0) + (arrivals?.duplicate ?? 0) + (arrivals?.foreign ?? 0)
  const isPaced = settings.load.mode === 'paced' && messages !== undefined
  return {
    cpu: wallMicroseconds > 0 ? cpuMicroseconds / wallMicroseconds : null,
    cpuMicrosecondsPerMessage: handled > 0 ? cpuMicroseconds / handled : null,
    ...workersOf(run.meter),
    residentBytes: figures().residentBytes,
    loopDelay: run.loopDelay.figures,
    ...(isPaced && { sendDelay: run.counters.published.sendDelay.figures }),
    ...(floor && { floor }),
  }
}

function workersOf({ workerCpuMicroseconds, wallMicroseconds }: LoadCoordinator['meter']) {
  const workers = workerCpuMicroseconds.length
  if (workers === 1 || wallMicroseconds <= 0) return { workers }
  return { workers, busiestWorkerCpu: Math.max(...workerCpuMicroseconds) / wallMicroseconds }
}
