import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface SilentListener {
  readonly host: string
  readonly port: number
  /** For `t.after(listener.close)`. */
  readonly close: () => void
}

const LISTEN = `require('net').createServer().listen({ port: 0, host: process.argv[1], backlog: 1 }, function () {
  console.log(this.address().port)
})`

/** Why there is none here, or undefined: made for `{ skip: silentListenerMissing }`. */
export const silentListenerMissing =
  process.platform === 'linux' ? undefined : 'a full backlog swallows SYNs on Linux alone'

/**
 * A loopback port that swallows SYN packets: the program behind it is stopped and its backlog is full, so that the
 * kernel drops what comes next. Neither root nor a firewall is needed.
 */
export async function startSilentListener(host = '127.0.0.1'): Promise<SilentListener> {
  const program = spawn(process.execPath, ['-e', LISTEN, host], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(program.stdout, 'data')
  process.once('exit', () => program.kill('SIGKILL')) // a stopped program would outlive a test that fails
  program.kill('SIGSTOP')
  const fillers: Socket[] = []
  // A backlog of 1 takes two connections. One after the other: together, all would get in before it counts as full.
  for (let count = 0; count < 2; count += 1) {
    const filler = connect(Number(port), host).on('error', () => {})
    fillers.push(filler)
    await once(filler, 'connect')
  }
  const close = () => {
    for (const filler of fillers) filler.destroy()
    program.kill('SIGKILL')
  }
  return { host, port: Number(port), close }
}
