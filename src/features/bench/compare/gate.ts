import { MqttCliError } from '../../../errors.ts'
import type { Comparison, MetricComparison } from './comparison.ts'
import type { Gate } from './settings.ts'

/** Why a comparison is no success, if it is none. */
export function gateFailure(comparison: Comparison, gate: Gate): MqttCliError | undefined {
  const { metrics, rounds, isIndicative, isValid } = comparison
  if (!isValid) return invalid()
  const worse = named(metrics, 'worse')
  if (worse.length > 0) return demand(`worse: ${worse.join(', ')}`, 'the figures are above')
  if (gate !== 'strict') return undefined
  if (isIndicative) {
    return demand(`rounds: ${rounds.base} against ${rounds.new} decide nothing`, 'give six runs of each side, or ten')
  }
  const unclear = named(metrics, 'unclear')
  return unclear.length === 0
    ? undefined
    : demand(`unclear: ${unclear.join(', ')}`, 'more rounds; how many would decide is above')
}

/** As of a single run: what is not the broker's is told before what the broker is blamed for. */
function invalid(): MqttCliError {
  return new MqttCliError('invalid-result', 'The comparison is not valid: most runs of a side are not', {
    tries: ['change what the notes say, and run them again'],
  })
}

function named(metrics: readonly MetricComparison[], verdict: MetricComparison['verdict']): readonly string[] {
  return metrics.filter((each) => each.gates && each.verdict === verdict).map(({ metric }) => metric)
}

function demand(what: string, advice: string): MqttCliError {
  return new MqttCliError('demand', `The comparison does not hold: ${what}`, { tries: [advice] })
}
