import { BenchCommand } from '../../src/command/bench/bench-command.ts'
import type { BenchRequest } from '../../src/features/bench/bench-context.ts'
import type { BenchOutcome } from '../../src/features/bench/events.ts'
import { runBench } from '../../src/features/bench/run-bench.ts'

export default class BenchRpc extends BenchCommand {
  static override summary = 'Measure round trips: MQTT 5 requests, and their answers.'
  static override examples = ['<%= config.bin %> bench rpc -c 10 --rate 1000/s -q 1']

  protected readonly mode = 'rpc'

  protected bench(request: BenchRequest): Promise<BenchOutcome> {
    return runBench(request)
  }
}
