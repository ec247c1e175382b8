import type { ProtocolVersion } from '../../../protocol/wire/packet.ts'
import { loadRandom } from '../load-random.ts'
import { publisherNames } from '../naming/client-settings.ts'
import type { BenchSettings } from '../settings.ts'
import { fileSource, type MessagePayload, OwnPayload, StampedPayload } from './message-payload.ts'
import { payloadLengths } from './payload-lengths.ts'
import { StampProperty } from './stamp-property.ts'
import { PayloadTemplate } from './template-payload.ts'

/** What the publishers of a run publish, and where their stamps travel. */
export class LoadPayloads {
  readonly #settings: BenchSettings
  readonly #runId: number
  readonly #runName: string
  readonly #template: PayloadTemplate | undefined

  constructor(settings: BenchSettings, runId: number, runName: string) {
    const { payload } = settings
    this.#settings = settings
    this.#runId = runId
    this.#runName = runName
    this.#template =
      payload?.from === 'template' ? new PayloadTemplate(payload.pieces, loadRandom(settings, 'numbers')) : undefined
  }

  /** `stamp`: what `stampOf` gave for this publisher. */
  payloadOf(publisher: number, stamp: StampProperty | undefined): MessagePayload {
    if (this.#template !== undefined) {
      const names = publisherNames(this.#settings, publisher, this.#runName)
      return new OwnPayload(this.#template.sourceOf(names), stamp)
    }
    const { payload, payloadBytes } = this.#settings
    if (payload?.from === 'file') return new OwnPayload(fileSource(payload.bytes), stamp)
    return new StampedPayload(
      payloadBytes[1],
      this.#runId,
      publisher,
      payloadLengths(this.#settings, this.#runId, publisher),
    )
  }

  /** Undefined where the payload carries the stamp itself, and where nothing can. */
  stampOf(publisher: number, version: ProtocolVersion): StampProperty | undefined {
    if (this.#settings.payload === undefined || version < 5) return undefined
    return new StampProperty(this.#runId, publisher)
  }
}

/** Below MQTT 5 nothing travels beside a payload of the user's own: its messages cannot be told apart. */
export function isCountedOnly({ payload }: Pick<BenchSettings, 'payload'>, version: ProtocolVersion): boolean {
  return payload !== undefined && version < 5
}
