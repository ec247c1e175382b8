import type { Sender } from '../../../protocol/wire/packet.ts'
import type { Flows, Passage } from './relay.ts'

/** Bytes pass, and nobody looks. */
export class BlindPassage implements Passage {
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
