import { Worker } from 'node:worker_threads'
import { errorFrom } from './error-data.ts'
import type { BenchPhase } from './events.ts'
import type { ConnectStep, LoadShare, PublisherFacts } from './load-share.ts'
import type { ShareAnswer, ShareCall, WorkerTask } from './share-calls.ts'

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A part of a load in a thread of its own. When the thread ends before its time, whatever waits for it fails. */
export class WorkerShare implements LoadShare {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #calls = 0
  #failure: Error | undefined

  constructor(workerFile: string, task: WorkerTask) {
    this.#worker = new Worker(workerFile, { workerData: task })
    this.#worker.on('message', (answer: ShareAnswer) => this.#answered(answer))
    this.#worker.on('error', (error) => this.#failAll(error))
    this.#worker.on('exit', () => this.#failAll(new Error('a worker thread ended before the run did')))
  }

  connect(step: ConnectStep, version: Parameters<LoadShare['connect']>[1]) {
    return this.#call('connect', step, version)
  }

  begin(startMicroseconds: number) {
    return this.#call('begin', startMicroseconds)
  }

  pulse() {
    return this.#call('pulse')
  }

  look(next: BenchPhase) {
    return this.#call('look', next)
  }

  endMeasuring(atMicroseconds: number) {
    return this.#call('endMeasuring', atMicroseconds)
  }

  stop() {
    return this.#call('stop')
  }

  leave(limitMs: number) {
    return this.#call('leave', limitMs)
  }

  account(publishers: readonly PublisherFacts[]) {
    return this.#call('account', publishers)
  }

  /** A thread that is gone already is closed. */
  async close(): Promise<void> {
    if (this.#failure === undefined) await this.#call('close')
  }

  #call<Method extends keyof LoadShare>(
    method: Method,
    ...args: Parameters<LoadShare[Method]>
  ): ReturnType<LoadShare[Method]> {
    const answer = new Promise<unknown>((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure)
      const call = this.#calls++
      this.#waiting.set(call, { resolve, reject })
      this.#worker.postMessage({ call, method, args } satisfies ShareCall)
    })
    return answer as ReturnType<LoadShare[Method]>
  }

  #answered(answer: ShareAnswer): void {
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
