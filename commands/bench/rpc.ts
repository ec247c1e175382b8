import { BenchCommand, type BenchFindings, type BenchRequest } from '../../src/command/bench/bench-command.ts'
import { processFigures } from '../../src/connection/clock.ts'
import { runBench } from '../../src/features/bench/run-bench.ts'

export default class BenchRpc extends BenchCommand {
  static override summary = 'Measure round trips: MQTT 5 requests, and their answers.'
  static override examples = ['<%= config.bin %> bench rpc -c 10 --rate 1000/s -q 1']

  protected readonly mode = 'rpc'

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
