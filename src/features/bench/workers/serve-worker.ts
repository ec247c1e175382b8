import type { MessagePort } from 'node:worker_threads'
import { threadCpuMicroseconds } from '../../../connection/clock.ts'
import { errorData } from './error-data.ts'
import { localWorkers } from './local-workers.ts'
import type { WorkerAnswer, WorkerCall, WorkerTask } from './worker-calls.ts'

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>

/** The whole life of a worker: it does what it is called for, until it is closed. */
export function serveWorker(port: MessagePort, { kind, ...context }: WorkerTask): void {
  const worker = localWorkers[kind]({ ...context, cpuMicroseconds: threadCpuMicroseconds })
  port.on('message', async (call: WorkerCall) => {
    port.postMessage(await answerTo(worker as unknown as Methods, call))
    if (call.method === 'close') port.close()
  })
}

async function answerTo(worker: Methods, { call, method, args }: WorkerCall): Promise<WorkerAnswer> {
  try {
    return { call, value: await worker[method]!(...args) }
  } catch (error) {
    const failure = errorData(error)
    return failure === undefined ? { call, bug: String((error as Error).stack) } : { call, failure }
  }
}
