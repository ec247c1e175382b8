import { BenchCommand } from '../../src/command/bench/bench-command.ts'
import type { BenchRequest } from '../../src/features/bench/bench-context.ts'
import type { BenchOutcome } from '../../src/features/bench/events.ts'
import { runBench } from '../../src/features/bench/run-bench.ts'

export default class BenchSub extends BenchCommand {
  static override summary = 'Subscribe as a load, and match what arrives from bench pub on this or another machine.'
  static override examples = [
    '<%= config.bin %> bench sub -c 10 --duration 60',
    '<%= config.bin %> bench sub --filter "sensors/#"',
  ]

  protected readonly mode = 'sub'

  protected bench(request: BenchRequest): Promise<BenchOutcome> {
    return runBench(request)
  }
}
