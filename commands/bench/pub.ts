import { BenchCommand } from '../../src/command/bench/bench-command.ts'
import type { BenchRequest } from '../../src/features/bench/bench-context.ts'
import type { BenchOutcome } from '../../src/features/bench/events.ts'
import { runBench } from '../../src/features/bench/run-bench.ts'

export default class BenchPub extends BenchCommand {
  static override summary = 'Publish as a load, and count what the broker makes of it.'
  static override examples = [
    '<%= config.bin %> bench pub -h broker.lan -c 10 -q 1',
    '<%= config.bin %> bench pub --rate 5000/s --duration 60 -q 1 --fail-if "p99>20ms"',
  ]

  protected readonly mode = 'pub'

  protected bench(request: BenchRequest): Promise<BenchOutcome> {
    return runBench(request)
  }
}
