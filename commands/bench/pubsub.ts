import { BenchCommand } from '../../src/command/bench/bench-command.ts'
import type { AskedBench } from '../../src/features/bench/bench-context.ts'
import { type BenchOutcome, runBench } from '../../src/features/bench/run-bench.ts'

export default class BenchPubsub extends BenchCommand {
  static override summary = 'Load a broker from both sides, and match every message.'
  static override examples = ['<%= config.bin %> bench pubsub -c 10 --rate 1000/s']

  protected readonly mode = 'pubsub'

  protected bench(request: AskedBench): Promise<BenchOutcome> {
    return runBench(request)
  }
}
