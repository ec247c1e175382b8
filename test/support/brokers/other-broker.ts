import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { withPatience } from '../program/patience.ts'

/** What it shows to clients that come over TLS. */
export interface BrokerTls {
  readonly certFile: string
  readonly keyFile: string
}

/** A broker as a program of its own, which lives in a folder of its own. */
export interface OtherBroker {
  readonly port: number
  /** Flags of a user that it lets in. */
  readonly login: readonly string[]
  /** Ends all of its processes, and waits for them. */
  stop(): Promise<void>
}

const startLimitMs = 30_000
/** Between two looks whether a port answers: these brokers do not say when they listen. */
const lookAgainMs = 100

export function brokerFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mq-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs a broker that does not leave its foreground, as a process group that ends with the tests. */
export async function runBroker(
  command: readonly [string, ...string[]],
  port: number,
  options: {
    readonly cwd: string
    readonly env: Readonly<Record<string, string>>
    readonly user?: string
    /** Its port speaks TLS. */
    readonly isTls?: boolean
    /** Ends what has left the process group. */
    readonly alsoStop?: () => void
  },
): Promise<OtherBroker> {
  const [program, ...args] = command
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(String(text)))
  const stop = () => stopGroup(child, options.alsoStop)
  process.once('exit', stop)
  const { user, isTls = false } = options
  await untilListening(
    child,
    () => answers(port, user, isTls),
    port,
    () => said.join('').slice(-2000),
  ).catch(async (error) => {
    await stop()
    throw error
  })
  return { port, login: user === undefined ? [] : ['-u', user, '-P', 'anything'], stop }
}

/** At once: nothing of it is kept. */
async function stopGroup(child: ChildProcess, alsoStop: () => void = () => {}): Promise<void> {
  const isRunning = child.exitCode === null && child.signalCode === null
  const ended = isRunning ? once(child, 'exit') : undefined
  try {
    if (child.pid !== undefined && isRunning) process.kill(-child.pid, 'SIGKILL')
  } catch {} // it has ended by itself
  alsoStop()
  if (ended !== undefined) await withPatience(ended, `the end of ${child.spawnfile}`)
}

async function untilListening(
  child: ChildProcess,
  answers: () => Promise<boolean>,
  port: number,
  said: () => string,
): Promise<void> {
  const deadline = performance.now() + startLimitMs
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}: ${said()}`)
    if (performance.now() > deadline) throw new Error(`${child.spawnfile} does not listen on ${port}: ${said()}`)
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
  }
}

/** MQTT is answered, not only TCP: a CONNECT of 3.1.1 brings a CONNACK. */
function answers(port: number, user: string | undefined, isTls: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const to = { port, host: '127.0.0.1' }
    const socket = isTls ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to)
    socket.on('error', () => resolve(false))
    socket.on('close', () => resolve(false))
    socket.once('data', (bytes) => {
      resolve(bytes[0] === 0x20 && bytes[3] === 0)
      socket.destroy()
    })
    socket.write(connectBytes(user))
  })
}

function connectBytes(user: string | undefined): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)])
  const login = user === undefined ? [] : [text(user), text('anything')]
  const flags = user === undefined ? 0x02 : 0xc2
  const body = Buffer.concat([text('MQTT'), Buffer.from([4, flags, 0, 60]), text('look'), ...login])
  return Buffer.concat([Buffer.from([0x10, body.length]), body])
}
