import { BenchCommand, type BenchFindings, type BenchRequest } from '../../src/command/bench/bench-command.ts'
import { processFigures } from '../../src/connection/clock.ts'
import { runBench } from '../../src/features/bench/run-bench.ts'

export default class BenchSub extends BenchCommand {
  static override summary = 'Subscribe as a load, and match what arrives from bench pub on this or another machine.'
  static override examples = [
    '<%= config.bin %> bench sub -c 10 --duration 60',
    '<%= config.bin %> bench sub --filter "sensors/#"',
  ]

  protected readonly mode = 'sub'

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
