import type { Advice } from '../advice.ts'
import { MqttCliError } from '../errors.ts'
import { ReasonCode } from '../protocol/reason-code.ts'
import type { ProtocolVersion } from '../protocol/wire/packet.ts'
import { asError, ClosedUnanswered, ConnackRefused, MetWithSilence, secondsOf } from './connect-failures.ts'

/** One try with this version. `share`: how much of what is left of the deadline silence may take; 1 is all of it. */
type Attempt<Session> = (version: ProtocolVersion, share: number) => Promise<Session>

interface Found<Session> {
  readonly session: Session
  /** A later version was met with silence: nobody said that this server does not have it. */
  readonly silence?: { readonly version: ProtocolVersion; readonly waitedMs: number }
}

interface Failed {
  readonly version: ProtocolVersion
  readonly failure: unknown
}

/** 60 % for MQTT 5, and the rest for 3.1.1 and 3.1 alike. */
const silenceShares: Readonly<Record<ProtocolVersion, number>> = { 5: 0.6, 4: 0.5, 3: 1 }
const ladder: readonly ProtocolVersion[] = [5, 4, 3]
const versionNames = { 3: 'MQTT 3.1', 4: 'MQTT 3.1.1', 5: 'MQTT 5' } as const

const unacceptableVersion = 1

/** MQTT 5, and one version down, on a new connection, wherever the answer is that of an older server. */
export async function findVersion<Session>(attempt: Attempt<Session>): Promise<Found<Session>> {
  const failed: Failed[] = []
  for (const version of ladder) {
    try {
      const session = await attempt(version, silenceShares[version])
      return { session, ...silenceIn(failed) }
    } catch (failure) {
      failed.push({ version, failure })
      if (!isOfOlderServer(version, failure)) break
    }
  }
  throw allFailed(failed)
}

/** What a client says of a version that silence led to. */
export function silenceNote(
  { version, waitedMs }: NonNullable<Found<unknown>['silence']>,
  found: ProtocolVersion,
): Advice {
  const name = versionNames[found]
  const because = `no answer to ${versionNames[version]} within ${secondsOf(waitedMs)} s: this is ${name}`
  return { try: 'version-at-once', because, version: name.replace('MQTT ', '') }
}

function silenceIn(failed: readonly Failed[]): Pick<Found<unknown>, 'silence'> {
  for (const { version, failure } of failed) {
    if (failure instanceof MetWithSilence) return { silence: { version, waitedMs: failure.waitedMs } }
  }
  return {}
}

function isOfOlderServer(version: ProtocolVersion, failure: unknown): boolean {
  if (version === 3) return false
  if (failure instanceof MetWithSilence) return true
  if (failure instanceof ClosedUnanswered) return version === 5
  if (!(failure instanceof ConnackRefused)) return false
  return (
    failure.connack.reasonCode === (failure.version === 5 ? ReasonCode.unsupportedProtocolVersion : unacceptableVersion)
  )
}

/** The last failure decides what follows; what is said has all of them. */
function allFailed(failed: readonly Failed[]): unknown {
  const { failure } = failed.at(-1)!
  if (failed.length === 1) return failure
  const last = asError(failure)
  const said = failed.map((each) => ({ name: versionNames[each.version], text: withReason(asError(each.failure)) }))
  const isSame = said.every(({ text }) => text === said[0]?.text)
  const names = said.map(({ name }) => name).join(' and at ')
  const message = isSame ? `${said[0]?.text}, at ${names}` : said.map(({ name, text }) => `${name}: ${text}`).join('. ')
  const wasSilent = failed.some((each) => each.failure instanceof MetWithSilence)
  const { tries = [] } = last.details
  const error = new MqttCliError(last.kind, message, {
    ...last.details,
    tries: wasSilent ? [...tries, { try: 'older-version' }] : tries,
  })
  return failure instanceof ConnackRefused ? new ConnackRefused(failure.connack, failure.version, error) : error
}

function withReason({ message, details: { reasonName } }: MqttCliError): string {
  return reasonName === undefined ? message : `${message} (${reasonName})`
}
