import type { Finding } from '../observation/finding.ts'
import type { InspectedPacket } from '../observation/inspected-packet.ts'
import { concealing, findingRepeats } from '../protocol/conceal.ts'
import { type Concealer, concealFinding } from './conceal-finding.ts'

/** Of so many connections secrets are kept, the latest ones: a proxy sees any number of clients. */
const mostConnections = 1000

/** What servers were told, by this command and by each client that is watched, so that no view shows one repeat it. */
export class ToldSecrets {
  readonly #own: Concealer | undefined
  readonly #ofConnections = new Map<number, Concealer>()

  constructor(own: Concealer | undefined) {
    this.#own = own
  }

  /** `connection`: whose finding it is; its own number where nobody counts otherwise. */
  conceal(finding: Finding, connection = connectionOf(finding)): Finding {
    if (finding.finding === 'packet') this.#learn(finding.packet, connection)
    const own = this.#own === undefined ? finding : concealFinding(finding, this.#own)
    // A message that others sent is not the server's own word, and there may be 100,000 a second.
    if (own.finding === 'packet' && own.packet.packet?.type === 'publish') return own
    const told = this.#ofConnections.get(connection)
    return told === undefined ? own : concealFinding(own, told)
  }

  #learn({ sender, packet, readable = packet }: InspectedPacket, connection: number): void {
    if (sender !== 'client' || readable?.type !== 'connect') return
    const { password, properties } = readable
    const secrets = [password, properties.authenticationData].filter((each) => each !== undefined).map(textOf)
    if (secrets.length === 0) return
    this.#ofConnections.set(connection, { conceal: concealing(secrets), findRepeats: findingRepeats(secrets) })
    const [oldest] = this.#ofConnections.keys()
    if (this.#ofConnections.size > mostConnections && oldest !== undefined) this.#ofConnections.delete(oldest)
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString()
}

function connectionOf(finding: Finding): number {
  switch (finding.finding) {
    case 'packet':
      return finding.packet.connection
    case 'exchange':
      return finding.exchange.connection
    case 'opening':
      return finding.opening.connection
    case 'first-message':
      return finding.message.connection
    default:
      return 0
  }
}
