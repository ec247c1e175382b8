import { BenchCommand } from '../../src/command/bench/bench-command.ts'
import { keepHeapSmall } from '../../src/command/small-heap.ts'
import type { BenchRequest } from '../../src/features/bench/bench-context.ts'
import type { BenchOutcome } from '../../src/features/bench/events.ts'
import { runConn } from '../../src/features/bench/run-conn.ts'

export default class BenchConn extends BenchCommand {
  static override summary = 'Open many connections, hold them, and say how fast they came and what each costs.'
  static override examples = [
    '<%= config.bin %> bench conn -c 10000 -R 5000 --duration 60',
    '<%= config.bin %> bench conn -c 1000 --churn 3',
  ]

  protected readonly mode = 'conn'

  protected bench(request: BenchRequest): Promise<BenchOutcome> {
    keepHeapSmall()
    return runConn(request)
  }
}
