import type { MessagePort } from 'node:worker_threads'
import { threadCpuMicroseconds } from '../../../connection/clock.ts'
import { errorData } from './error-data.ts'
import { localShares } from './local-workers.ts'
import type { ShareAnswer, ShareCall, WorkerTask } from './worker-calls.ts'

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>

/** The whole life of a worker: its share does what it is called for, until it is closed. */
export function serveShare(port: MessagePort, { kind, ...context }: WorkerTask): void {
  const share = localShares[kind]({ ...context, cpuMicroseconds: threadCpuMicroseconds })
  port.on('message', async (call: ShareCall) => {
    port.postMessage(await answerTo(share as unknown as Methods, call))
    if (call.method === 'close') port.close()
  })
}

async function answerTo(share: Methods, { call, method, args }: ShareCall): Promise<ShareAnswer> {
  try {
    return { call, value: await share[method]!(...args) }
  } catch (error) {
    const failure = errorData(error)
    return failure === undefined ? { call, bug: String((error as Error).stack) } : { call, failure }
  }
}
