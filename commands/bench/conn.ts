import { BenchCommand, type BenchFindings, type BenchRequest } from '../../src/command/bench/bench-command.ts'
import { keepHeapSmall } from '../../src/command/small-heap.ts'
import { processFigures } from '../../src/connection/clock.ts'
import { runConn } from '../../src/features/bench/run-conn.ts'

export default class BenchConn extends BenchCommand {
  static override summary = 'Open many connections, hold them, and say how fast they came and what each costs.'
  static override examples = [
    '<%= config.bin %> bench conn -c 10000 -R 5000 --duration 60',
    '<%= config.bin %> bench conn -c 1000 --churn 3',
  ]

  protected readonly mode = 'conn'

  protected bench(request: BenchRequest): Promise<BenchFindings> {
    keepHeapSmall()
    return runConn({ ...request, figures: processFigures })
  }

  protected prometheus() {
    return import('../../src/features/bench/prometheus.ts')
  }

  protected broker() {
    return import('../../src/features/embedded-broker/with-embedded-broker.ts')
  }
}
