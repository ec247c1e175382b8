import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../network/free-port.ts'
import { withPatience } from '../program/patience.ts'
import { slurmConfiguration } from './slurm-configuration.ts'

const startLimitMs = 30_000
/** Between two looks whether the nodes are there: Slurm does not say so by itself. */
const lookAgainMs = 100

/** One machine that passes for several. */
export interface Slurm {
  /** What `srun`, `sbatch` and `scancel` need to find it. */
  readonly env: Readonly<Record<string, string>>
  /** Ends jobs and daemons, and waits for them. */
  stop(): Promise<void>
}

/** Why tests with Slurm cannot run here, or undefined. */
export function slurmMissing(): string | undefined {
  const missing = ['slurmctld', 'slurmd', 'srun', 'scancel'].filter(
    (program) => spawnSync(program, ['--version']).error !== undefined,
  )
  if (missing.length > 0) return `not installed: ${missing.join(', ')} (Debian: slurmctld, slurmd, slurm-client, munge)`
  return process.getuid?.() === 0 ? undefined : 'not as root: slurmd starts tasks as their users'
}

/** Starts a controller and so many nodes, each a daemon of its own on a port of its own. Resolves when all are idle. */
export async function startSlurm(nodes: number): Promise<Slurm> {
  const folder = mkdtempSync(join(tmpdir(), 'mqtt-cli-slurm-'))
  const ports = await Promise.all(Array.from({ length: nodes + 1 }, () => freePort()))
  const path = join(folder, 'slurm.conf')
  for (const name of ['state', ...nodeNames(nodes)]) mkdirSync(join(folder, name))
  writeFileSync(path, slurmConfiguration({ folder, host: hostname(), ports }))
  const env = { SLURM_CONF: path }
  const daemons = [
    daemon('slurmctld', ['-D', '-c', '-f', path]),
    ...nodeNames(nodes).map((name) => daemon('slurmd', ['-D', '-N', name, '-f', path])),
  ]
  const stop = async () => {
    spawnSync('scancel', ['--signal=KILL', '--user=root'], { env: { ...process.env, ...env }, timeout: 5000 })
    await Promise.all(daemons.map(({ child }) => ended(child)))
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', () => {
    for (const { child } of daemons) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  await untilIdle(nodes, env, () => daemons.map(({ said }) => said()).join('\n')).catch(async (error) => {
    await stop()
    throw error
  })
  return { env, stop }
}

function nodeNames(nodes: number): readonly string[] {
  return Array.from({ length: nodes }, (_, index) => `n${index + 1}`)
}

interface Daemon {
  readonly child: ChildProcess
  readonly said: () => string
}

function daemon(program: string, args: readonly string[]): Daemon {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text) => {
    said = `${said}${text}`.slice(-2000)
  })
  return { child, said: () => `${program} ${args.join(' ')}: ${said}` }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = once(child, 'exit')
  child.kill('SIGTERM')
  await withPatience(end, `the end of ${child.spawnfile}`)
}

async function untilIdle(nodes: number, env: Readonly<Record<string, string>>, said: () => string): Promise<void> {
  const deadline = performance.now() + startLimitMs
  while (idleNodes(env) < nodes) {
    if (performance.now() > deadline) throw new Error(`Slurm does not come up: ${said()}`)
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
  }
}

function idleNodes(env: Readonly<Record<string, string>>): number {
  const words = ['--noheader', '--Node', '--states=idle', '--format=%N']
  const { stdout } = spawnSync('sinfo', words, { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 5000 })
  return stdout
    .trim()
    .split('\n')
    .filter((name) => name !== '').length
}
