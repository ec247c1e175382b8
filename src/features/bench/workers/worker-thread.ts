import { Worker } from 'node:worker_threads'
import { errorFrom } from './error-data.ts'
import type { WorkerAnswer, WorkerCall, WorkerTask } from './worker-calls.ts'

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A thread with a worker in it. When the thread ends before its time, whatever waits for it fails. */
export class WorkerThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #calls = 0
  #failure: Error | undefined

  constructor(task: WorkerTask) {
    this.#worker = new Worker(task.threadFiles.worker, { workerData: task })
    this.#worker.on('message', (answer: WorkerAnswer) => this.#answered(answer))
    this.#worker.on('error', (error) => this.#failAll(error))
    this.#worker.on('exit', () => this.#failAll(new Error('a worker thread ended before the run did')))
  }

  /** Calls a method of the worker. A thread that is gone already is closed. */
  call(method: string, args: readonly unknown[]): Promise<unknown> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.#failure !== undefined) return method === 'close' ? resolve(undefined) : reject(this.#failure)
      const call = this.#calls++
      this.#waiting.set(call, { resolve, reject })
      this.#worker.postMessage({ call, method, args } satisfies WorkerCall)
    })
  }

  #answered(answer: WorkerAnswer): void {
    const waiting = this.#waiting.get(answer.call)
    this.#waiting.delete(answer.call)
    if ('value' in answer) waiting?.resolve(answer.value)
    else waiting?.reject('failure' in answer ? errorFrom(answer.failure) : new Error(answer.bug))
  }

  #failAll(error: Error): void {
    this.#failure ??= error
    for (const { reject } of this.#waiting.values()) reject(this.#failure)
    this.#waiting.clear()
  }
}
