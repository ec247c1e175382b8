import type { Abortable } from '../../connection/abort.ts'
import { monotonicMs } from '../../connection/clock.ts'
import { leanDriver } from '../../connection/driver/drivers.ts'
import { establish } from '../../connection/establish.ts'
import type { ConnectionSettings, Target } from '../../connection/settings.ts'
import { pause } from '../../connection/waiting.ts'
import { MqttCliError } from '../../errors.ts'
import { type CommandEnd, ProcessGroup } from './process-group.ts'

/** A command that is a broker, and where it is to answer. */
export interface BrokerCommand {
  /** As the user knows it: `--a-cmd`. */
  readonly flag: string
  readonly command: string
  readonly connection: ConnectionSettings
  readonly targets: readonly Target[]
  readonly answersWithinMs: number
  /** What tells this start from all others. */
  readonly start: string
}

interface StandingBroker {
  readonly start: string
  stop(): Promise<void>
}

const tryAgainMs = 50
const oneTryMs = 1000
const graceMs = 5000
/** Of the four seconds in which a command that was stopped has to be gone. */
const graceWhenStoppedMs = 1000

/** Starts it, and waits until it answers CONNECT, with yes or no, at each of its places. */
export async function startBroker(broker: BrokerCommand, signal: AbortSignal): Promise<StandingBroker> {
  await refuseTakenPlace(broker, signal)
  const group = new ProcessGroup(broker.command)
  const stop = () => group.stop(signal.aborted ? graceWhenStoppedMs : graceMs)
  try {
    await whenAnswering(broker, group, signal)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    start: broker.start,
    stop: async () => {
      const endedBefore = group.end
      await stop()
      if (signal.aborted) return
      if (endedBefore !== undefined && !wentToBackground(endedBefore)) throw endedUnderLoad(broker, endedBefore, group)
      await refuseTakenPlace(broker, signal, 'still answers after it was stopped')
    },
  }
}

async function whenAnswering(broker: BrokerCommand, group: ProcessGroup, signal: AbortSignal): Promise<void> {
  const deadlineMs = monotonicMs() + broker.answersWithinMs
  let noShell: unknown
  group.ended.catch((error: unknown) => {
    noShell = error
  })
  while (!signal.aborted) {
    if (noShell !== undefined) throw notStarted(broker, `cannot be started: ${(noShell as Error).message}`, noShell)
    if (group.end !== undefined && !wentToBackground(group.end)) throw endedEarly(broker, group.end, group)
    if (await answerAll(broker, signal)) return
    if (monotonicMs() >= deadlineMs) throw silent(broker, group)
    await pause(tryAgainMs, signal)
  }
}

/** A shell that is done well, and has left a daemon behind. */
function wentToBackground({ exitCode }: CommandEnd): boolean {
  return exitCode === 0
}

async function answerAll({ connection, targets }: BrokerCommand, signal: Abortable): Promise<boolean> {
  for (const target of targets) {
    if (!(await answers({ ...connection, target }, signal))) return false
  }
  return true
}

/** Yes and no are answers: what a broker thinks of the login the load will find out. */
async function answers(connection: ConnectionSettings, signal: Abortable): Promise<boolean> {
  const { will: _ofTheLoad, ...settings } = connection
  try {
    const { link } = await establish({
      settings: { ...settings, clientId: '', cleanStart: true, cleanSession311: true, connectDeadlineMs: oneTryMs },
      makeDriver: leanDriver,
      version: settings.version,
      clientId: '',
      mayResume: false,
      accepted: () => {},
      signal,
    })
    await link.leave(0, {})
    return true
  } catch (error) {
    if (!(error instanceof MqttCliError)) throw error
    return error.kind === 'refused' || error.kind === 'protocol'
  }
}

/** Whoever answers there already would be measured in its stead. */
async function refuseTakenPlace(
  { flag, connection, targets }: BrokerCommand,
  signal: AbortSignal,
  how = 'answers before it was started',
): Promise<void> {
  for (const target of targets) {
    if (signal.aborted || !(await answers({ ...connection, target }, signal))) continue
    const place = target.transport === 'unix' ? target.path : `${target.host}:${target.port}`
    throw new MqttCliError('local-io', `A broker at the place of ${flag}, ${place}, ${how}`, {
      layer: flag,
      tries: ['stop it, or give another port', 'run the broker in the foreground, so that it can be stopped'],
    })
  }
}

function endedEarly(broker: BrokerCommand, end: CommandEnd, group: ProcessGroup): MqttCliError {
  return notStarted(broker, `ended before it answered, ${endText(end)}${saying(group)}`)
}

function notStarted({ flag }: BrokerCommand, what: string, cause?: unknown): MqttCliError {
  const tries = ['try the command in a shell', 'the port must be that of the URL']
  return new MqttCliError('local-io', `${flag} ${what}`, { layer: flag, tries, ...(cause !== undefined && { cause }) })
}

function silent({ flag, answersWithinMs }: BrokerCommand, group: ProcessGroup): MqttCliError {
  return new MqttCliError('unreachable', `${flag} did not answer within ${answersWithinMs / 1000} s${saying(group)}`, {
    layer: flag,
    tries: ['the port must be that of the URL', '--start-timeout gives it longer'],
  })
}

function endedUnderLoad({ flag }: BrokerCommand, end: CommandEnd, group: ProcessGroup): MqttCliError {
  return new MqttCliError('lost', `${flag} ended while it was under load, ${endText(end)}${saying(group)}`, {
    layer: flag,
    tries: ['look into the broker’s log'],
  })
}

function endText({ exitCode, signal }: CommandEnd): string {
  return exitCode === null ? `by ${signal}` : `with exit code ${exitCode}`
}

function saying({ lastWords }: ProcessGroup): string {
  return lastWords === '' ? '' : `: ${lastWords}`
}
