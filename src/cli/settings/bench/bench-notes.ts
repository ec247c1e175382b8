import type { ConnectionSettings } from '../../../connection/settings.ts'
import { neverExpires } from '../../values/session-expiry.ts'

/** The run in a pattern; `%%r` is a percent sign and a letter. */
const runPlace = /(?<!%)(?:%%)*%r/

/** What should be known of sessions that outlive the run. `clientId` is the pattern. */
export function sessionNotes({ clientId, resumesUserSession, properties }: ConnectionSettings): readonly string[] {
  const { sessionExpiryInterval: expirySeconds } = properties
  const staysBehind = resumesUserSession ? expirySeconds !== 0 : expirySeconds === neverExpires
  if (!staysBehind || !runPlace.test(clientId)) return []
  return [
    'the %r in the client identifiers makes new sessions in every run, and the broker keeps those of each; ' +
      'try --client-id without %r, as bench-%i, which takes up the same ones',
  ]
}
