import { type BenchContext, type BenchRequest, runNameOf } from './bench-context.ts'
import { IdleCoordinator } from './coordinator/idle-coordinator.ts'
import type { BenchOutcome, BenchResult } from './events.ts'
import { refuseImpossibleNames } from './naming/refuse-impossible-names.ts'
import { flightMemory } from './pace/flight.ts'
import { preflight } from './preflight/preflight.ts'
import { inCompany } from './rendezvous/in-company.ts'
import { shardReport } from './report/shard-report.ts'
import { targetText } from './report/target-text.ts'
import { evaluate } from './report/thresholds.ts'
import { verdictOf } from './report/verdict.ts'
import { failureOf } from './run-bench.ts'
import { partOfRun } from './shards/part-of-run.ts'
import { withRuler } from './surroundings/ruler.ts'
import { surrounded } from './surroundings/surrounded.ts'
import { workersOf } from './workers/workers-of.ts'

/** Opens connections, holds them, and says what they cost. */
export async function runConn(asked: BenchRequest): Promise<BenchOutcome> {
  refuseImpossibleNames(asked.settings, runNameOf(asked))
  const context = { ...asked, settings: partOfRun(asked.settings, runNameOf(asked)), flight: flightMemory() }
  await preflight(context)
  const { value: run, ruler } = await withRuler(context, () =>
    inCompany(context, async (rendezvous) => {
      const coordinator = new IdleCoordinator(context, workersOf('idle', context), rendezvous)
      await coordinator.run()
      return coordinator
    }),
  )
  const measured = measuredResult(context, run)
  const { isEmbedded } = context.settings
  const judged = {
    ...measured,
    verdict: verdictOf(
      measured,
      { isEmbedded, warmupFraction: 0, awaited: 0, isStandstillWanted: false },
      context.word,
    ),
  }
  const evaluated = { ...judged, thresholds: evaluate(context.settings.thresholds, judged) }
  const result = await surrounded(evaluated, context, ruler)
  const failure = failureOf(result, run.failure)
  return {
    result,
    seconds: run.seconds,
    distributions: { connect: run.counters.times.hgrm() },
    points: { connect: run.counters.times.points() },
    ...(failure && { failure }),
  }
}

function measuredResult(context: BenchContext, run: IdleCoordinator): Omit<BenchResult, 'verdict' | 'thresholds'> {
  const { settings, startedAt, figures } = context
  return {
    v: 1,
    type: 'bench-result',
    mode: 'conn',
    load: 'none',
    runId: runNameOf(context),
    startedAt,
    target: targetText(settings),
    mqttVersion: run.version,
    qos: settings.qos,
    publishers: 0,
    subscribers: 0,
    payloadBytes: settings.payloadBytes,
    measuredSeconds: run.wallMicroseconds / 1e6,
    connect: run.counters.figures,
    ...(run.idle && { idle: run.idle }),
    ...shardReport(settings, { sent: [], heard: [], others: run.others, clocks: [], seconds: run.seconds }),
    rates: { payloadBytes: null },
    generator: {
      cpu: run.cpuMicroseconds / run.wallMicroseconds,
      cpuMicrosecondsPerMessage: null,
      workers: run.workers,
      residentBytes: figures().residentBytes,
      loopDelay: run.loopDelay.figures,
    },
    ...run.watch.figures,
    histograms: {
      connect: run.counters.times.encoded(),
      loopDelay: run.loopDelay.encoded(),
      ...(run.stormTimes.length > 0 && { storms: run.stormTimes }),
      ...(run.counters.reconnected > 0 && { outages: run.counters.outages.encoded() }),
    },
  }
}
