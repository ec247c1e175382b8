import { maxArgs } from '../../src/cli/args.ts'
import { maxFlags } from '../../src/cli/flags/bench-max.ts'
import { type MaxCommandSettings, maxSettingsFrom } from '../../src/cli/settings/bench/bench-max.ts'
import type { MaxInput } from '../../src/cli/settings/command-input.ts'
import { writeCeilingReport } from '../../src/command/bench/bench-files.ts'
import { ceilingOutput } from '../../src/command/bench/ceiling-output.ts'
import { LoadCommand } from '../../src/command/bench/load-command.ts'
import { resultKeeper } from '../../src/command/bench/result-keeper.ts'
import { keepHeapSmall } from '../../src/command/small-heap.ts'
import type { ConnectionSettings } from '../../src/connection/settings.ts'
import { runNameOf } from '../../src/features/bench/bench-context.ts'
import { runMax } from '../../src/features/bench/run-max.ts'

export default class BenchMax extends LoadCommand<typeof maxFlags, MaxCommandSettings> {
  static override summary = 'Find the most that a broker can do, and confirm it.'
  static override args = maxArgs
  static override flags = maxFlags
  static override examples = [
    "<%= config.bin %> bench max --slo 'p99<20ms' --slo 'lost=0'",
    "<%= config.bin %> bench max pub -q 1 -c 10 --slo 'p99<50ms' --max-rate 50000",
    "<%= config.bin %> bench max conn --slo 'connect.p99<1s' --slo 'refused=0'",
    "<%= config.bin %> bench max fan-out --rate 10 --slo 'p99<100ms' --slo 'lost=0'",
  ]

  protected override readonly modestLoad = '--max-rate of at most 1000'

  protected settingsFrom(input: MaxInput): MaxCommandSettings {
    return maxSettingsFrom(input)
  }

  protected async load(settings: Omit<MaxCommandSettings, 'passwordSource'>, connection: ConnectionSettings) {
    if (settings.plan.axis === 'connections') keepHeapSmall()
    const output = ceilingOutput(this.terminal, settings)
    const request = await this.requestOf(settings, connection)
    const outcome = await runMax({ ...request, plan: settings.plan, emit: (event) => output.emit(event) })
    output.result(outcome.result)
    const keep = await resultKeeper(settings.files.save)
    await keep('max', outcome.result, runNameOf(request))
    await writeCeilingReport(settings.files, outcome, this.root)
    if (outcome.failure !== undefined) throw outcome.failure
  }
}
