import { BenchCommand, type BenchFindings, type BenchRequest } from '../../src/command/bench/bench-command.ts'
import { processFigures } from '../../src/connection/clock.ts'
import { runBench } from '../../src/features/bench/run-bench.ts'

export default class Bench extends BenchCommand {
  static override summary = 'Load a broker from both sides, and match every message.'
  static override examples = [
    '<%= config.bin %> bench',
    '<%= config.bin %> bench --rate 1000/s -q 1 --duration 30 --fail-if "p99>20ms" --fail-if "lost>0"',
    '<%= config.bin %> bench --publishers 1 --subscribers 100',
  ]

  protected readonly mode = 'pubsub'

  protected bench(request: BenchRequest): Promise<BenchFindings> {
    return runBench({ ...request, figures: processFigures })
  }

  protected prometheus() {
    return import('../../src/features/bench/prometheus.ts')
  }

  protected broker() {
    return import('../../src/features/embedded-broker/with-embedded-broker.ts')
  }
}
