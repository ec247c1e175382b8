import { MqttCliError } from '../../../errors.ts'
import type { BenchRequest } from '../bench-context.ts'
import type { BenchOutcome } from '../events.ts'
import { isMeasurable } from '../report/thresholds.ts'
import type { CeilingEvent, CurvePoint } from './events.ts'
import { isRested, judgeWindow, mainTimes, type Rest, restOf, type WindowJudgement } from './judge-window.ts'
import type { Judgement, SearchStep } from './search-step.ts'
import type { CeilingPlan } from './settings.ts'
import { windowMs, windowSettings } from './window-settings.ts'

export interface WindowRequest extends Omit<BenchRequest, 'emit'> {
  readonly plan: CeilingPlan
  readonly emit: (event: CeilingEvent) => void
  /** `runBench`, or `runConn`. */
  readonly run: (request: BenchRequest) => Promise<BenchOutcome>
}

/** Measures what a search asks for, one window after the other, each a run of its own. */
export class WindowRunner {
  readonly curve: CurvePoint[] = []
  /** The last window that confirmed what had held. */
  confirmed: BenchOutcome | undefined
  /** Nothing was there to be measured, the last time. */
  gone: MqttCliError | undefined
  readonly #request: WindowRequest
  readonly #notes = new Set<string>()
  #windows = 0
  /** Undefined before the first. */
  #rested: Rest | undefined

  constructor(request: WindowRequest) {
    this.#request = request
  }

  async run(step: SearchStep): Promise<Judgement> {
    const { emit, plan } = this.#request
    if (step.kind === 'rest') return this.#rest(step)
    emit({ event: 'window begins', step, axis: plan.axis, seconds: windowMs(plan, step) / 1000 })
    const outcome = await this.#measure(step)
    if (this.#request.signal.aborted) return 'unusable' // half a window says nothing
    const judged = outcome instanceof MqttCliError ? brokenOff(outcome) : judgeWindow(outcome, plan.demands)
    if (step.kind === 'confirm' && judged.judgement === 'good' && !(outcome instanceof MqttCliError)) {
      this.confirmed = outcome
    }
    this.#tell({ ...step, kind: step.kind }, judged, outcome)
    return judged.judgement
  }

  async #rest(step: SearchStep): Promise<Judgement> {
    const outcome = await this.#measure(step)
    if (this.#request.signal.aborted) return 'unusable'
    if (this.#rested === undefined) {
      this.#rested = this.#baseline(outcome)
      return 'good'
    }
    const rested = !(outcome instanceof MqttCliError) && isRested(outcome, this.#rested)
    if (!rested) this.#request.emit({ event: 'not at rest' })
    return rested ? 'good' : 'bad'
  }

  /** How it is without a load. What does not work now is no matter of how much, and ends it. */
  #baseline(outcome: BenchOutcome | MqttCliError): Rest {
    if (outcome instanceof MqttCliError) throw outcome
    const { result, failure } = outcome
    if (failure !== undefined && failure.kind !== 'invalid-result') throw failure
    const unknown = this.#request.plan.demands.find((demand) => !isMeasurable(demand, result))
    if (unknown === undefined) return restOf(outcome)
    throw new MqttCliError(
      'usage',
      `This load does not measure ${unknown.metric}, so that nothing can be demanded of it`,
      {
        layer: 'command line',
        tries: [
          'demand what this load measures',
          'acknowledgements are timed at QoS 1 and 2, arrivals where there are subscribers',
        ],
      },
    )
  }

  async #measure(step: SearchStep): Promise<BenchOutcome | MqttCliError> {
    const { run, settings, plan, runId, word } = this.#request
    this.gone = undefined
    return run({
      ...this.#request,
      settings: windowSettings(settings, plan, step),
      runId: (runId + this.#windows++) >>> 0,
      word: (advice) => (typeof advice === 'object' && 'because' in advice ? advice.because : word(advice)),
      emit: (event) => {
        if (event.event === 'note') this.#note(event.text)
      },
    }).catch((error: unknown) => {
      if (!(error instanceof MqttCliError) || !endsOnlyTheWindow.has(error.kind)) throw error
      this.gone = error
      return error
    })
  }

  /** Every window would say the same. */
  #note(text: string): void {
    if (this.#notes.has(text)) return
    this.#notes.add(text)
    this.#request.emit({ event: 'note', text })
  }

  #tell(
    { kind, at }: SearchStep & Pick<CurvePoint, 'kind'>,
    { judgement, reasons }: WindowJudgement,
    outcome: BenchOutcome | MqttCliError,
  ): void {
    const { axis } = this.#request.plan
    const point: CurvePoint = {
      kind,
      ...(axis === 'rate' ? { ratePerSecond: at } : { [axis]: at }),
      ...figuresOf(outcome),
      outcome: judgement === 'good' ? 'held' : judgement === 'bad' ? 'failed' : 'unusable',
      reasons,
    }
    this.curve.push(point)
    this.#request.emit({ event: 'window', point })
  }
}

/** What a load may do to a broker, or a machine not have for it. */
const endsOnlyTheWindow: ReadonlySet<string> = new Set([
  'unreachable',
  'refused',
  'lost',
  'protocol',
  'local-io',
  'interrupted',
])

function brokenOff({ kind, message }: MqttCliError): WindowJudgement {
  return { judgement: kind === 'local-io' ? 'unusable' : 'bad', reasons: [message] }
}

function figuresOf(outcome: BenchOutcome | MqttCliError) {
  if (outcome instanceof MqttCliError)
    return { measuredSeconds: 0, p50Microseconds: null, p99Microseconds: null, lost: null }
  const { result } = outcome
  const { p50Microseconds, p99Microseconds } = mainTimes(result)
  return {
    measuredSeconds: result.idle?.heldSeconds ?? result.measuredSeconds,
    p50Microseconds,
    p99Microseconds,
    lost: result.arrivals?.lost ?? null,
  }
}
