import type { KeyedAdvice, Wording } from '../../advice.ts'

interface Rejection {
  readonly event: 'rejected'
  readonly reason: string
  readonly advice?: KeyedAdvice
}

/** Why a client did not get in, with the flag of this command that lets it in; every other event as it is. */
export function wordedRejection<Event extends { readonly event: string }>(
  event: Event | Rejection,
  word: Wording,
): Event {
  if (!isRejection(event) || event.advice === undefined) return event as Event
  const { advice, ...facts } = event
  return { ...facts, reason: word(advice) ?? facts.reason } as unknown as Event
}

function isRejection(event: { readonly event: string }): event is Rejection {
  return event.event === 'rejected'
}
