import type { ConnectionCapture } from '../../../capture/pcapng/connection-capture.ts'
import type { TransportTimings } from '../../../connection/transport/transport.ts'
import type { Sender } from '../../../protocol/wire/packet.ts'
import { ConnectionAccount, type ConnectionEnd } from '../connection-reporter.ts'
import { ConnectionWatch } from '../connection-watch.ts'
import type { ProxyHouse } from '../proxy-context.ts'
import type { Flows, Passage } from './relay.ts'

/** Bytes pass as they come and are read beside it: what is shown holds nothing up but by falling behind. */
export class WatchedPassage implements Passage {
  readonly #flows: Flows
  readonly #house: ProxyHouse
  readonly #account: ConnectionAccount
  readonly #watch: ConnectionWatch
  readonly #capture: ConnectionCapture | undefined

  constructor(connection: number, remote: string, timings: TransportTimings, flows: Flows, house: ProxyHouse) {
    this.#flows = flows
    this.#house = house
    this.#account = new ConnectionAccount(connection, timings, house)
    this.#capture = house.capture?.open(remote, house.now())
    this.#watch = new ConnectionWatch(connection, house.book, (record, packet) => {
      this.#capture?.packet(packet, packet.wire, packet.atMicroseconds)
      this.#account.packet(record, packet)
    })
  }

  pass(from: Sender, bytes: Buffer): void {
    this.#flows[from].send(bytes)
    const atMicroseconds = this.#house.now()
    if (this.#watch.isLost(from)) this.#capture?.unreadable(from, bytes, atMicroseconds)
    else this.#watch.push(from, bytes, atMicroseconds)
    this.#house.keepPace(this.#flows[from].brake)
  }

  finished(from: Sender): void {
    this.#watch.finished(from, this.#house.now())
    this.#capture?.finished(from, this.#house.now())
    this.#flows[from].finish()
  }

  closed(end: ConnectionEnd): void {
    this.#watch.ended(this.#house.now())
    this.#capture?.closed(end.by, end.isAbrupt, this.#house.now())
    this.#account.closed(this.#watch.client, end)
  }
}
