import type { Abortable } from '../abort.ts'
/**
 * Waits for a step that cannot be called off itself (a DNS lookup), no longer than the deadline. Throws the deadline's
 * own reason when that comes first; what the step brings afterwards is dropped.
 */
export function withinDeadline<T>(step: Promise<T>, deadline: Abortable): Promise<T> {
  return new Promise((resolve, reject) => {
    const abandon = () => reject(deadline.reason)
    if (deadline.aborted) return abandon()
    deadline.addEventListener('abort', abandon, { once: true })
    step.then(resolve, reject).finally(() => deadline.removeEventListener('abort', abandon))
  })
}
