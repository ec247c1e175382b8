import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { newSocketPath } from '../transports/listen-over.ts'
import { type Address, type Reach, reachOf } from '../transports/reach.ts'
import { startTerminator } from '../transports/terminator.ts'
import { testCertificates } from '../transports/test-certificates.ts'
import { thisTransport } from '../transports/transport-table.ts'

export interface MosquittoOptions {
  /** Further lines of mosquitto.conf, after ours. A line that begins with `allow_anonymous` replaces ours. */
  readonly config?: string
  /** Keeps sessions and retained messages in the temp directory over `restart()`. Off by default. */
  readonly persistence?: boolean
  /** 2.0.11 stops for ever in a message above 100 kB over a WebSocket of its own, whoever reads it: it gets a terminator. */
  readonly largeMessages?: boolean
}

/** Its flags lead to it over the transport of this run. */
export interface Mosquitto extends Reach {
  /** For TCP, which it always has: its own clients have neither WebSocket nor unix sockets. */
  readonly port: number
  readonly configPath: string
  /** Holds the configuration and, with `persistence`, the database. Removed when the test process ends. */
  readonly directory: string
  /** Of the process that runs now; another one after `restart()`. */
  readonly pid: number
  /** SIGTERM, then waits for the end. Nothing happens when it is stopped already. */
  stop(): Promise<void>
  /** SIGKILL, then waits for the end: nothing is saved. */
  kill(): Promise<void>
  /** Stops it if it runs, and starts it again on the same port with the same configuration. */
  restart(): Promise<void>
}

/** Why tests against mosquitto cannot run here, or undefined: made for `{ skip: mosquittoMissing() }`. */
export function mosquittoMissing(...programs: readonly string[]): string | undefined {
  const wanted = ['mosquitto', ...programs]
  const missing = wanted.filter((program) => spawnSync(program, ['-h']).error !== undefined)
  return missing.length === 0
    ? undefined
    : `not installed: ${missing.join(', ')} (Debian: mosquitto, mosquitto-clients)`
}

/** Starts Debian's mosquitto on a free loopback port. Resolves when it listens. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const directory = mkdtempSync(join(tmpdir(), 'mqtt-cli-mosquitto-'))
  const configPath = join(directory, 'mosquitto.conf')
  atExit(() => rmSync(directory, { recursive: true, force: true }))
  // Between asking for a free port and mosquitto's bind somebody else may take the port: then another one.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    const address = await addressOfThisRun(port)
    writeFileSync(configPath, configText(port, address, directory, options))
    try {
      const first = await launch(configPath, port)
      const broker = runningBroker(port, directory, configPath, first)
      const isTooLarge = options.largeMessages === true && thisTransport.isWebSocket
      return isTooLarge ? behindTerminator(broker) : Object.assign(broker, reachOf(address))
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

async function behindTerminator(broker: Omit<Mosquitto, keyof Reach>): Promise<Mosquitto> {
  const { close, ...reach } = await startTerminator(broker.port)
  const { stop } = broker
  const stopBoth = () => {
    close()
    return stop()
  }
  return Object.assign(broker, reach, { stop: stopBoth })
}

function runningBroker(
  port: number,
  directory: string,
  configPath: string,
  first: ChildProcess,
): Omit<Mosquitto, keyof Reach> {
  let child = first
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.ref()
    child.kill(signal)
    await ended
  }
  atExit(() => child.kill('SIGKILL')) // no broker outlives a failed test
  return {
    port,
    configPath,
    directory,
    get pid() {
      return child.pid!
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM')
      child = await launch(configPath, port)
    },
  }
}

function atExit(cleanUp: () => void): void {
  process.setMaxListeners(process.getMaxListeners() + 1) // many brokers in one test file are no leak
  process.once('exit', cleanUp)
}

/**
 * mosquitto says on its log that it runs, after every listener is bound: surer than a connect, which a stranger on the
 * port could answer. But a SIGTERM that comes between that line and its main loop is forgotten, so a client comes and
 * goes before anybody else is let at it.
 */
async function launch(configPath: string, port: number): Promise<ChildProcess> {
  const child = spawn('mosquitto', ['-c', configPath], { stdio: ['ignore', 'ignore', 'pipe'] })
  const said: string[] = []
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`mosquitto ended with ${code}: ${said.join(' | ')}`)))
    createInterface(child.stderr!).on('line', (line) => {
      if (/mosquitto version .* running/.test(line)) resolve()
      if (said.length < 100) said.push(line) // the lines after that are read, so that the pipe never fills, and dropped
    })
  })
  await comeAndGo(port)
  // A test that failed before its stop() must not keep the test process waiting.
  child.unref()
  ;(child.stderr as Socket).unref()
  return child
}

/** CONNECT and DISCONNECT in one write; whatever the configuration makes of them, the broker closes the connection. */
async function comeAndGo(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {}) // a reset is an answer too
  socket.setTimeout(2000, () => socket.destroy()) // and so is silence, of a listener that speaks something else
  socket.write(Buffer.from('100c00044d5154540402003c0000e000', 'hex'))
  socket.resume()
  await new Promise((resolve) => socket.once('close', resolve))
}

/** Beside its TCP port. */
async function addressOfThisRun(port: number): Promise<Address> {
  if (thisTransport.name === 'tcp') return { port }
  return thisTransport.isUnix ? { socketPath: newSocketPath() } : { port: await freePort() }
}

/** After everything else: what a configuration says of a listener belongs to the one above it. */
function listenerOfThisRun(address: Address): string[] {
  if (thisTransport.name === 'tcp') return []
  const { isTls, isWebSocket } = thisTransport
  return [
    'port' in address ? `listener ${address.port} 127.0.0.1` : `listener 0 ${address.socketPath}`,
    ...(isWebSocket ? ['protocol websockets'] : []),
    ...(isTls ? [`certfile ${testCertificates().certFile('server')}`] : []),
    ...(isTls ? [`keyfile ${testCertificates().keyFile('server')}`] : []),
  ]
}

function configText(
  port: number,
  address: Address,
  directory: string,
  { config = '', persistence = false }: MosquittoOptions,
): string {
  const lines = [`listener ${port} 127.0.0.1`, 'log_dest stderr', 'log_type error', 'log_type information']
  // Started by root, mosquitto becomes the user `mosquitto`, who may not write into our directory.
  if (process.getuid?.() === 0) lines.push('user root')
  if (!/^allow_anonymous/m.test(config)) lines.push('allow_anonymous true')
  if (persistence) lines.push('persistence true', `persistence_location ${directory}/`)
  return `${[...lines, config, ...listenerOfThisRun(address)].join('\n')}\n`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port')
  server.close()
  await once(server, 'close')
  return address.port
}
