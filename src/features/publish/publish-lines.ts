import type { Readable } from 'node:stream'
import { LinePump } from './line-pump.ts'
import type { PublishOutcome } from './outcome.ts'
import { endsEarly, whenAborted } from './publish-message.ts'
import { type PublishContext, PublishSession } from './publish-session.ts'

/**
 * Publishes each line of a stream as a message, in order, over reconnects. Resolves when every line is confirmed;
 * otherwise throws one of our errors that names the lines nobody confirmed.
 */
export async function publishLines(context: PublishContext, input: Readable): Promise<PublishOutcome> {
  const session = new PublishSession(context, 'line')
  await session.open()
  const pump = new LinePump(
    input,
    (bytes, start, end, line) => session.take(bytes, start, end, line),
    () => session.publisher.flush(),
  )
  session.onReady = () => pump.resume()
  const stopped = whenAborted(context.signal)
  try {
    await Promise.race([allConfirmed(pump, session), endsEarly(session), stopped.promise])
  } catch (reason) {
    pump.stop()
    return await session.abandon(reason)
  } finally {
    stopped.forget()
  }
  return session.close()
}

async function allConfirmed(pump: LinePump, session: PublishSession): Promise<void> {
  await pump.finished
  session.isAllTaken = true
  await session.drained()
}
