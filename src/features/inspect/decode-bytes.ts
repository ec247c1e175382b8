import type { Assumption, InspectedPacket } from '../../observation/inspected-packet.ts'
import { type CutFrame, PacketReader } from '../../observation/packet-reader.ts'
import { type Conversation, joinConversation, startConversation } from '../../protocol/session/conversation-state.ts'
import { FrameSplitter } from '../../protocol/wire/frame-splitter.ts'
import type { ProtocolVersion, Sender } from '../../protocol/wire/packet.ts'
import type { Violation } from '../../protocol/wire/violation.ts'
import { likeliestVersion, likelySender, onlySender, soleSender, tellsVersion } from './assumed-context.ts'

interface DecodeSettings {
  readonly version?: ProtocolVersion
  readonly sender?: Sender
}

const connectCode = 1
const largestPacketBytes = 5 + 268_435_455

/** Every packet in these bytes, in either direction or both; what the bytes do not say is inferred, and marked as such. */
export function decodeBytes(bytes: Buffer, settings: DecodeSettings): readonly InspectedPacket[] {
  const frames = cutFrames(bytes)
  const decoding = new Decoding(frames, settings)
  return frames.map((frame) => decoding.read(frame))
}

class Decoding {
  readonly #version: ProtocolVersion
  readonly #isVersionKnown: boolean
  readonly #saidSender: Sender | undefined
  readonly #soleSender: Sender | undefined
  readonly #reader: PacketReader
  #connection = 1
  #hasConnect: boolean

  constructor(frames: readonly Frame[], { version, sender }: DecodeSettings) {
    const wires = frames.map(({ wire }) => wire)
    this.#saidSender = sender
    this.#soleSender = soleSender(wires, version ?? 5)
    this.#version = version ?? likeliestVersion(wires, sender ?? this.#soleSender)
    this.#isVersionKnown = version !== undefined || tellsVersion(wires, sender ?? this.#soleSender)
    this.#hasConnect = isConnect(frames[0])
    const conversation = this.#hasConnect ? startConversation() : joinConversation(this.#version)
    const trace = { conversation: { ...conversation, version: version ?? conversation.version } }
    this.#reader = new PacketReader(this.#connection, trace)
  }

  read(frame: Frame): InspectedPacket {
    if (isConnect(frame) && isOver(this.#reader.conversation)) this.#reader.nextConnection(++this.#connection)
    this.#hasConnect ||= isConnect(frame)
    const assumed: Assumption[] = this.#hasConnect || this.#isVersionKnown ? [] : ['version']
    return this.#reader.read(this.#withSender(frame, assumed))
  }

  #withSender({ wire, offset, unreadable }: Frame, assumed: Assumption[]): CutFrame {
    const { conversation } = this.#reader
    const told = this.#saidSender ?? onlySender(wire[0] ?? 0, conversation.version) ?? this.#soleSender
    const likely = told === undefined ? likelySender(wire, conversation, conversation.version) : undefined
    if (likely?.isKnown === false) assumed.push('sender')
    const sender = told ?? likely?.sender ?? 'client'
    const cut = { sender, wire, streamOffset: offset, atMicroseconds: 0, assumed }
    return unreadable === undefined ? cut : { ...cut, unreadable }
  }
}

function isConnect(frame: Frame | undefined): boolean {
  return (frame?.wire[0] ?? 0) >> 4 === connectCode
}

/** A CONNECT that comes now begins another connection: the last one was left, or its CONNECT was never seen. */
function isOver({ phase, opening, disconnectedBy }: Conversation): boolean {
  return disconnectedBy !== undefined || (opening === undefined && phase !== 'new')
}

interface Frame {
  readonly offset: number
  readonly wire: Buffer
  /** Set on the last one when its header is such that nothing after it can be cut. */
  readonly unreadable?: Violation
}

/** All frames in these bytes, in order; the last one may be cut off. They are windows on the bytes handed in. */
function cutFrames(bytes: Buffer): readonly Frame[] {
  const splitter = new FrameSplitter({ maximumControlPacketSize: largestPacketBytes })
  const frames: Frame[] = []
  const violation = splitter.push(bytes, (chunk, start, _bodyStart, end) =>
    frames.push({ offset: start, wire: chunk.subarray(start, end) }),
  )
  const last = frames.at(-1)
  const offset = last === undefined ? 0 : last.offset + last.wire.length
  if (offset === bytes.length) return frames
  const rest = { offset, wire: bytes.subarray(offset) }
  return [...frames, violation === undefined ? rest : { ...rest, unreadable: violation }]
}
