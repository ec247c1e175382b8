import { measureProcess, type ProcessUse } from '../measured-process.ts'
import { SideProcess } from '../side-process.ts'

export interface PublishRun {
  readonly command: readonly string[]
  readonly port: number
  readonly messages: number
  /** The lines, as many as `messages`. */
  readonly input: string
  readonly inputByPipe?: boolean
  /** For the subscriber, where the broker wants one. */
  readonly user?: string | undefined
}

/** Publishes all lines while a subscriber of its own counts them: once each and in order, or the benchmark ends. */
export async function measurePublish({ port, messages, user, ...work }: PublishRun): Promise<ProcessUse> {
  const counter = new SideProcess('counter', [port, messages, ...(user === undefined ? [] : [user])])
  try {
    await counter.says('ready', 10)
    const use = await measureProcess(work)
    await counter.says('complete', 20)
    return use
  } finally {
    await counter.stop()
  }
}
