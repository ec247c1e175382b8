/** Node's timers fire at once when asked for more milliseconds than this. */
const longestTimerMs = 2 ** 31 - 1

/** Calls back after so many seconds, be it years. Does not keep the process alive. Returns what cancels it. */
export function afterSeconds(seconds: number, callBack: () => void): () => void {
  let leftMs = seconds * 1000
  let timer: NodeJS.Timeout
  const wait = () => {
    const ms = Math.min(leftMs, longestTimerMs)
    leftMs -= ms
    timer = setTimeout(() => (leftMs > 0 ? wait() : callBack()), ms).unref()
  }
  wait()
  return () => clearTimeout(timer)
}
