import type { Destination } from './target.ts'

/** What a user should know before it matters: what, why, and what to try. Said on stderr. */
export function connectionNotes(insecure: boolean, { target }: Destination): readonly string[] {
  if (!insecure || (target.transport !== 'tls' && target.transport !== 'wss')) return []
  return ['certificates are not verified (--insecure): anyone on the way can read and change everything; try --cafile']
}
