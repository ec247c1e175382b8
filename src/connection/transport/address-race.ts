import type { Socket } from 'node:net'
import type { Abortable } from '../abort.ts'
import type { Address } from './addresses.ts'
import type { FailedAttempt } from './connect-errors.ts'

/** How long one address may be alone before the next is tried beside it (RFC 8305 §5). */
const HEAD_START_MS = 250

interface RaceWon {
  readonly socket: Socket
  readonly address: Address
}

/** Every address failed. */
export class RaceLost extends Error {
  readonly attempts: readonly FailedAttempt[]

  constructor(attempts: readonly FailedAttempt[]) {
    super('no address answered')
    this.attempts = attempts
  }
}

/**
 * Tries the addresses in order and takes the first that connects. An address that fails hands over at once, one that
 * is silent gets company after its head start and stays in the race.
 *
 * Not node's `autoSelectFamily`: that ends a silent attempt after its 250 ms, so a slow but only address loses against
 * a dead one behind it, and it tries no second address at all when a local address is bound.
 */
export function raceAddresses(
  addresses: readonly Address[],
  connect: (address: Address) => Socket,
  deadline: Abortable,
): Promise<RaceWon> {
  return new Promise((resolve, reject) => {
    const race = new AddressRace(addresses, connect, {
      won: (result) => finish(() => resolve(result)),
      lost: (attempts) => finish(() => reject(new RaceLost(attempts))),
    })
    const onAbort = () => finish(() => reject(deadline.reason))
    const finish = (settle: () => void) => {
      deadline.removeEventListener('abort', onAbort)
      race.stop()
      settle()
    }
    deadline.addEventListener('abort', onAbort, { once: true })
    if (deadline.aborted) onAbort()
    else race.startNext()
  })
}

interface Outcome {
  readonly won: (result: RaceWon) => void
  readonly lost: (attempts: readonly FailedAttempt[]) => void
}

class AddressRace {
  readonly #waiting: Address[]
  readonly #connect: (address: Address) => Socket
  readonly #outcome: Outcome
  readonly #running = new Set<Socket>()
  readonly #failed: FailedAttempt[] = []
  #headStart: NodeJS.Timeout | undefined

  constructor(addresses: readonly Address[], connect: (address: Address) => Socket, outcome: Outcome) {
    this.#waiting = [...addresses]
    this.#connect = connect
    this.#outcome = outcome
  }

  startNext(): void {
    clearTimeout(this.#headStart)
    const address = this.#waiting.shift()
    if (address === undefined) return
    this.#start(address)
    if (this.#waiting.length > 0) this.#headStart = setTimeout(() => this.startNext(), HEAD_START_MS)
  }

  stop(): void {
    clearTimeout(this.#headStart)
    for (const socket of this.#running) socket.destroy()
    this.#running.clear()
  }

  #start(address: Address): void {
    const socket = this.#connect(address)
    this.#running.add(socket)
    const onError = (error: Error) => this.#drop(socket, address, error)
    socket.once('error', onError)
    socket.once('connect', () => {
      socket.off('error', onError)
      this.#running.delete(socket)
      this.#outcome.won({ socket, address })
    })
  }

  #drop(socket: Socket, address: Address, error: Error): void {
    if (!this.#running.delete(socket)) return
    this.#failed.push({ at: address.ip, error })
    if (this.#waiting.length > 0) this.startNext()
    else if (this.#running.size === 0) this.#outcome.lost(this.#failed)
  }
}
