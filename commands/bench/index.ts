import { BenchCommand } from '../../src/command/bench/bench-command.ts'
import type { BenchRequest } from '../../src/features/bench/bench-context.ts'
import type { BenchOutcome } from '../../src/features/bench/events.ts'
import { runBench } from '../../src/features/bench/run-bench.ts'

export default class Bench extends BenchCommand {
  static override summary = 'Load a broker from both sides, and match every message.'
  static override examples = [
    '<%= config.bin %> bench',
    '<%= config.bin %> bench --rate 1000/s -q 1 --duration 30 --fail-if "p99>20ms" --fail-if "lost>0"',
    '<%= config.bin %> bench --publishers 1 --subscribers 100',
  ]

  protected readonly mode = 'pubsub'

  protected bench(request: BenchRequest): Promise<BenchOutcome> {
    return runBench(request)
  }
}
