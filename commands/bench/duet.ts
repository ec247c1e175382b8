import { randomBytes, randomInt } from 'node:crypto'
import { duetArgs } from '../../src/cli/args.ts'
import { duetFlags } from '../../src/cli/flags/bench-duet.ts'
import { type DuetCommandSettings, type DuetInput, duetSettingsFrom } from '../../src/cli/settings/bench/duet.ts'
import { startBroker } from '../../src/command/bench/broker-process.ts'
import { writeComparisonFiles } from '../../src/command/bench/comparison-files.ts'
import { duetOutput } from '../../src/command/bench/duet-output.ts'
import { LoadCommand } from '../../src/command/bench/load-command.ts'
import { resultKeeper } from '../../src/command/bench/result-keeper.ts'
import { runBefore } from '../../src/command/bench/run-before.ts'
import { keepHeapSmall } from '../../src/command/small-heap.ts'
import type { ConnectionSettings } from '../../src/connection/settings.ts'
import type { BenchRequest } from '../../src/features/bench/bench-context.ts'
import { distributionOf } from '../../src/features/bench/compare/distribution.ts'
import type { DuetResult } from '../../src/features/bench/duet/duet-events.ts'
import { duetResult } from '../../src/features/bench/duet/duet-result.ts'
import { loadText } from '../../src/features/bench/duet/load-text.ts'
import { guideOf, type Sight, sightOf } from '../../src/features/bench/duet/noise.ts'
import { recordedNoise } from '../../src/features/bench/duet/recorded-noise.ts'
import type { SideName } from '../../src/features/bench/duet/settings.ts'
import type { Turn } from '../../src/features/bench/duet/turns.ts'
import type { BenchOutcome } from '../../src/features/bench/events.ts'
import { targetText } from '../../src/features/bench/report/target-text.ts'
import { runBench } from '../../src/features/bench/run-bench.ts'
import { runConn } from '../../src/features/bench/run-conn.ts'
import { type DuetOutcome, runDuet, type Standing } from '../../src/features/bench/run-duet.ts'
import type { BenchSettings } from '../../src/features/bench/settings.ts'
import { duetTitle, expectationText, guideText } from '../../src/render/bench/duet/duet-lines.ts'

type Ready = Omit<DuetCommandSettings, 'passwordSource'>
type SideRequests = Readonly<Record<SideName, Omit<BenchRequest, 'emit'>>>

export default class BenchDuet extends LoadCommand<typeof duetFlags, DuetCommandSettings> {
  static override summary = 'Hold two brokers against each other, in turns: is one slower?'
  static override args = duetArgs
  static override flags = duetFlags
  static override examples = [
    '<%= config.bin %> bench duet --aa --save results',
    '<%= config.bin %> bench duet --a mqtt://old:1883 --b mqtt://new:1883 -q 1 --rate 1000',
    "<%= config.bin %> bench duet --a mqtt://:1884 --a-cmd 'old/mosquitto -p 1884' --b mqtt://:1885 --b-cmd 'new/mosquitto -p 1885'",
  ]

  protected settingsFrom(input: DuetInput): DuetCommandSettings {
    return duetSettingsFrom(input)
  }

  protected async load(settings: Ready, connection: ConnectionSettings): Promise<void> {
    const { duet, files } = settings
    if (settings.bench.mode === 'conn') keepHeapSmall()
    const [startedAt, seed] = [new Date().toISOString(), duet.seed ?? randomInt(2 ** 32)]
    const requests = await this.#requests(settings, connection, seed)
    const expected = await this.#expected(settings, requests.a.settings)
    const output = duetOutput(this.terminal, { ...settings, rounds: duet.rounds })
    const keep = await resultKeeper(files.save)
    const outcome = await runDuet({
      ...duet,
      signal: this.signal,
      emit: (event) => output.emit(event),
      before: (turn) => this.#before(settings, turn, requests),
      stand: (turn) => this.#stand(settings, turn, requests),
      run: ({ side }) => runOnce({ ...requests[side], emit: (event) => output.emit(event) }),
      keep: ({ side, outcome: { result } }) => keep(side, result, result.runId),
    })
    const parts = {
      runId: randomBytes(4).toString('hex'),
      startedAt,
      seed,
      expected,
      load: requests.a.settings,
      targets: targetsOf(requests),
    }
    const result = duetResult({ ...duet, ...parts, maxRegression: duet.comparison.maxRegression }, outcome)
    output.result(result)
    if (result.comparison !== undefined) await keep('duet', result, result.runId)
    await this.#writeFiles(settings, result, outcome)
    if (outcome.failure !== undefined) throw outcome.failure
  }

  async #requests(settings: Ready, connection: ConnectionSettings, seed: number): Promise<SideRequests> {
    const { b, passwordOfB } = settings
    const password = passwordOfB === 'as A' ? connection.password : passwordOfB && Buffer.from(passwordOfB.text)
    const ofB = { ...b.connection, ...(password && { password }) }
    const seeded = async (side: typeof b, to: ConnectionSettings) => {
      const request = await this.requestOf(side, to)
      return { ...request, settings: { ...request.settings, seed } }
    }
    return { a: await seeded(settings, connection), b: await seeded(b, ofB) }
  }

  async #writeFiles({ files }: Ready, result: DuetResult, { pairs }: DuetOutcome): Promise<void> {
    const { comparison, targets } = result
    if (comparison === undefined) return
    const view = {
      title: duetTitle(result),
      sides: { base: `A, ${targets.a}`, new: `B, ${targets.b}` },
      comparison,
      distributions: { base: distributionOf(pairs.a), new: distributionOf(pairs.b) },
    }
    await writeComparisonFiles(files, view, { root: this.root, summaryPath: process.env.GITHUB_STEP_SUMMARY })
  }

  /** Said before the first round: whether it is worth its time. */
  async #expected({ duet, files }: Ready, load: BenchSettings): Promise<Sight | undefined> {
    const { rounds, comparison } = duet
    const noise = files.save && (await recordedNoise(files.save, loadText(load), this.signal))
    const sight = sightOf(noise || [], rounds, comparison.maxRegression)
    if (noise) this.note(expectationText(sight))
    else this.note(guideText(guideOf(rounds, comparison.maxRegression), rounds, sight.change))
    return noise ? sight : undefined
  }

  async #before({ duet: { beforeRound } }: Ready, { round, side }: Turn, requests: SideRequests): Promise<void> {
    if (beforeRound === undefined) return
    const environment = {
      MQTT_CLI_ROUND: String(round),
      MQTT_CLI_SIDE: side,
      MQTT_CLI_TARGET: targetsOf(requests)[side],
    }
    await runBefore(beforeRound, environment, this.signal)
  }

  async #stand({ duet }: Ready, { round, side }: Turn, requests: SideRequests): Promise<Standing> {
    const command = duet.brokerCommands[side]
    if (command === undefined) return { start: side, stop: async () => {} }
    const { connection, clients } = requests[side].settings
    const place = { connection, targets: clients.targets ?? [connection.target] }
    const flag = duet.isSelf ? '--a-cmd' : `--${side}-cmd`
    const { answersWithinMs } = duet
    return startBroker({ flag, command, ...place, answersWithinMs, start: `${side}-${round}` }, this.signal)
  }
}

/** A run with a name and a time of its own. */
function runOnce(request: BenchRequest): Promise<BenchOutcome> {
  const named = { ...request, runId: randomInt(2 ** 32), startedAt: new Date().toISOString() }
  return request.settings.mode === 'conn' ? runConn(named) : runBench(named)
}

function targetsOf({ a, b }: SideRequests): Readonly<Record<SideName, string>> {
  return { a: targetText(a.settings), b: targetText(b.settings) }
}
