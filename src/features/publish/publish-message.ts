// Publishing: messages from arguments, a file or standard input to the broker, each confirmed or named in an error. It prints
// nothing. Begin here for messages that are known at the start, with publish-lines.ts for those of a stream.

import { pause } from '../../connection/waiting.ts'
import type { PublishOutcome } from './outcome.ts'
import { type PublishContext, PublishSession } from './publish-session.ts'

/**
 * Publishes every message to every topic, in order, and all of it as often as was asked for. Throws one of our errors
 * with what is unconfirmed named in it.
 */
export async function publishMessages(context: PublishContext, payloads: readonly Buffer[]): Promise<PublishOutcome> {
  const session = new PublishSession(context, 'message')
  await session.open()
  const stopped = whenAborted(context.signal)
  try {
    await Promise.race([publishAll(session, context, payloads), endsEarly(session), stopped.promise])
  } catch (reason) {
    return await session.abandon(reason)
  } finally {
    stopped.forget()
  }
  return session.close()
}

async function publishAll(session: PublishSession, context: PublishContext, payloads: readonly Buffer[]) {
  const { topics, repeatCount, repeatDelayMs } = context.publish
  let ordinal = 0
  for (let round = 1; round <= repeatCount; round++) {
    if (round > 1 && repeatDelayMs > 0) await pause(repeatDelayMs, context.signal)
    for (const payload of payloads) {
      for (const topic of topics) await publishTo(session, topic, payload, ++ordinal)
    }
    if (repeatDelayMs > 0) session.publisher.flush()
  }
  session.isAllTaken = true
  await session.drained()
}

async function publishTo(session: PublishSession, topic: string, payload: Buffer, ordinal: number): Promise<void> {
  session.topic = topic
  while (session.take(payload, 0, payload.length, ordinal) === 'wait') await ready(session)
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
