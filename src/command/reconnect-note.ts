import type { Standing } from '../connection/reconnect/standing.ts'
import { namedReason } from '../connection/refusals.ts'
import type { MqttCliError } from '../errors.ts'

/** What happened to the connection and what comes next, in one line. */
export function reconnectNote(error: MqttCliError, delayMs: number): string {
  return `${error.message}${namedReason(error)}; trying again in ${(delayMs / 1000).toFixed(1)} s`
}

/** A session that stands, where there is something to say of it: that it is back, and what became of the old one. */
export function standingNote({ isFirst, awayMs, session, clientId }: Standing): string | undefined {
  const name = `the session of “${clientId}”`
  if (isFirst) {
    return session === 'lost'
      ? `the broker has no session of “${clientId}”: a new one begins, without what was published before`
      : undefined
  }
  const back = `connected again after ${(awayMs / 1000).toFixed(1)} s`
  if (session === 'kept') return `${back}: the broker kept ${name}`
  return session === 'lost' ? `${back}: the broker lost ${name}, and what it held for it` : back
}
