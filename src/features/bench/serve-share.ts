import type { MessagePort } from 'node:worker_threads'
import { threadCpuMicroseconds } from '../../connection/clock.ts'
import { errorData } from './error-data.ts'
import type { LoadShare } from './load-share.ts'
import { LocalShare } from './local-share.ts'
import type { ShareAnswer, ShareCall, WorkerTask } from './share-calls.ts'

/** The whole life of a worker: its share does what it is called for, until it is closed. */
export function serveShare(port: MessagePort, task: WorkerTask): void {
  const share = new LocalShare({ ...task, cpuMicroseconds: threadCpuMicroseconds })
  port.on('message', async (call: ShareCall) => {
    port.postMessage(await answerTo(share, call))
    if (call.method === 'close') port.close()
  })
}

async function answerTo(share: LoadShare, { call, method, args }: ShareCall): Promise<ShareAnswer> {
  try {
    const work = share[method as keyof LoadShare] as (...args: readonly unknown[]) => Promise<unknown>
    return { call, value: await work.apply(share, [...args]) }
  } catch (error) {
    const failure = errorData(error)
    return failure === undefined ? { call, bug: String((error as Error).stack) } : { call, failure }
  }
}
