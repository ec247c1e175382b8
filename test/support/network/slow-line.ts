import { connect, createServer, type Socket } from 'node:net'
import { listenOver } from '../transports/listen-over.ts'
import type { Reach } from '../transports/reach.ts'

/** What came to the line from one side, as it came: bytes, or that side's FIN. */
export interface Step {
  readonly from: 'client' | 'server'
  readonly bytes: Buffer
  readonly isEnd: boolean
}

/** Its flags lead through it to the server, over the same transport. */
export interface SlowLine extends Reach {
  /** In the order in which they came to the line, next to the client: so an answer stands before what it gave rise to. */
  readonly steps: readonly Step[]
  /** For `t.after(line.close)`. */
  readonly close: () => void
}

export interface SlowLineOptions {
  /** How long each byte is under way, in each direction. */
  readonly delayMs: number
  /** Once the client has waited for so many answers and gone on, nothing of the server arrives any more, no FIN either. */
  readonly silentAfterAnswers?: number
}

/** A long line: holds what comes for a while, in either direction, and writes down in which order it came. */
export async function startSlowLine(server: Reach, options: SlowLineOptions): Promise<SlowLine> {
  const steps: Step[] = []
  const sockets = new Set<Socket>()
  const line = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const far = farEnd(server)
    for (const socket of [client, far]) sockets.add(socket.on('error', () => {}))
    carry(client, far, options.delayMs, (bytes, isEnd) => {
      steps.push({ from: 'client', bytes, isEnd })
      return true
    })
    carry(far, client, options.delayMs, (bytes, isEnd) => {
      steps.push({ from: 'server', bytes, isEnd })
      return answersWaitedFor(steps) < (options.silentAfterAnswers ?? Number.POSITIVE_INFINITY)
    })
  })
  const reach = await listenOver(line, server.transport)
  const close = () => {
    line.close()
    for (const socket of sockets) socket.destroy()
  }
  return { ...reach, steps, close }
}

/** How often the client had to hear something before it went on: the round trips, without those of opening TCP. */
export function answersWaitedFor(steps: readonly Step[]): number {
  return steps.filter(({ from }, index) => from === 'client' && steps[index - 1]?.from === 'server').length
}

function farEnd({ target }: Reach): Socket {
  if (target.transport === 'unix') return connect({ path: target.path, allowHalfOpen: true })
  return connect({ host: target.host, port: target.port, noDelay: true, allowHalfOpen: true })
}

/** Timers of one length fire in the order in which they were set: nothing overtakes. */
function carry(from: Socket, to: Socket, delayMs: number, passes: (bytes: Buffer, isEnd: boolean) => boolean): void {
  from.on('data', (bytes: Buffer) => {
    if (passes(bytes, false)) setTimeout(() => to.write(bytes), delayMs)
  })
  from.once('end', () => {
    if (passes(Buffer.alloc(0), true)) setTimeout(() => to.end(), delayMs)
  })
}
