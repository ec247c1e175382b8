import { BenchCommand } from '../../src/command/bench/bench-command.ts'
import type { BenchRequest } from '../../src/features/bench/bench-context.ts'
import type { BenchOutcome } from '../../src/features/bench/events.ts'
import { runBench } from '../../src/features/bench/run-bench.ts'

export default class BenchPubsub extends BenchCommand {
  static override summary = 'Load a broker from both sides, and match every message.'
  static override examples = ['<%= config.bin %> bench pubsub -c 10 --rate 1000/s']

  protected readonly mode = 'pubsub'

  protected bench(request: BenchRequest): Promise<BenchOutcome> {
    return runBench(request)
  }
}
