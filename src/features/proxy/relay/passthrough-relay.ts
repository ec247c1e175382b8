import type { Sender } from '../../../protocol/wire/packet.ts'
import type { Flows, Relay } from './relay.ts'

/** Bytes pass, and none is decoded. */
export class PassthroughRelay implements Relay {
  readonly #flows: Flows

  constructor(flows: Flows) {
    this.#flows = flows
  }

  pass(from: Sender, bytes: Buffer): void {
    this.#flows[from].send(bytes)
  }

  finished(from: Sender): void {
    this.#flows[from].finish()
  }

  closed(): void {}
}
