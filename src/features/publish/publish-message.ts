import { pause } from '../../connection/waiting.ts'
import type { PublishOutcome } from './outcome.ts'
import { type PublishContext, PublishSession } from './publish-session.ts'

/** Publishes one message, as often as it was asked for. Throws one of our errors with what is unconfirmed named in it. */
export async function publishMessage(context: PublishContext, payload: Buffer): Promise<PublishOutcome> {
  const session = new PublishSession(context, 'message')
  await session.open()
  const stopped = whenAborted(context.signal)
  try {
    await Promise.race([publishAll(session, context, payload), endsEarly(session), stopped.promise])
  } catch (reason) {
    return await session.abandon(reason)
  } finally {
    stopped.forget()
  }
  return session.close()
}

async function publishAll(session: PublishSession, context: PublishContext, payload: Buffer): Promise<void> {
  const { repeatCount, repeatDelayMs } = context.publish
  for (let ordinal = 1; ordinal <= repeatCount; ordinal++) {
    if (ordinal > 1 && repeatDelayMs > 0) await pause(repeatDelayMs, context.signal)
    while (session.take(payload, 0, payload.length, ordinal) === 'wait') await ready(session)
    if (repeatDelayMs > 0) session.publisher.flush()
  }
  await session.drained()
}

function ready(session: PublishSession): Promise<void> {
  session.publisher.flush()
  return new Promise((resolve) => {
    session.onReady = resolve
  })
}

/** Rejects when the connection ends before we end it. */
export async function endsEarly(session: PublishSession): Promise<never> {
  await session.ended
  return new Promise(() => {}) // it ended because we closed it
}

export function whenAborted(signal: AbortSignal): { promise: Promise<never>; forget: () => void } {
  let listener = () => {}
  const promise = new Promise<never>((_, reject) => {
    listener = () => reject(signal.reason)
    if (signal.aborted) listener()
    signal.addEventListener('abort', listener, { once: true })
  })
  promise.catch(() => {})
  return { promise, forget: () => signal.removeEventListener('abort', listener) }
}

/** What is awaited, or the end of the run if that comes first. */
export async function orAborted<T>(awaited: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = whenAborted(signal)
  try {
    return await Promise.race([awaited, stopped.promise])
  } finally {
    stopped.forget()
  }
}
