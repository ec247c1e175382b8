import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { withPatience } from '../program/patience.ts'

/** Why there is none here, or undefined: made for `{ skip: networkNamespaceMissing() }`. */
export function networkNamespaceMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'a network of its own with a firewall needs root'
  const missing = ['unshare', 'nsenter', 'ip', 'nft'].filter(
    (each) => spawnSync(each, ['--version']).error !== undefined,
  )
  if (missing.length > 0) return `not installed: ${missing.join(', ')} (Debian: util-linux, iproute2, nftables)`
  return spawnSync('unshare', ['-n', 'true']).status === 0 ? undefined : 'unshare -n is not allowed here'
}

/** A network with nothing but loopback, in which packets can be dropped without a word: neither FIN nor RST. */
export class NetworkNamespace {
  readonly #holder: ChildProcess
  /** In front of a command, to run it inside. */
  readonly enter: readonly [string, ...string[]]

  private constructor(holder: ChildProcess) {
    this.#holder = holder
    this.enter = ['nsenter', `--net=/proc/${holder.pid}/ns/net`]
  }

  static async open(): Promise<NetworkNamespace> {
    const stdio = ['pipe', 'pipe', 'inherit'] as const
    const holder = spawn('unshare', ['-n', 'sh', '-c', 'ip link set lo up && echo up && exec cat'], {
      stdio: [...stdio],
    })
    await withPatience(once(holder.stdout!, 'data'), 'a network namespace')
    return new NetworkNamespace(holder)
  }

  /** From now on the packets from and to this port vanish. */
  cutOff(port: number): void {
    const drops = `tcp dport ${port} drop
    tcp sport ${port} drop`
    const rules = `table inet cut {
  chain in {
    type filter hook input priority 0
    ${drops}
  }
}
`
    const [program, ...args] = this.enter
    const { status, stderr } = spawnSync(program, [...args, 'nft', '-f', '-'], { input: rules, encoding: 'utf8' })
    if (status !== 0) throw new Error(`nft: ${stderr}`)
  }

  close(): void {
    this.#holder.kill('SIGKILL')
  }
}
