import { FrameSplitter } from '../../protocol/wire/frame-splitter.ts'
import type { Violation } from '../../protocol/wire/violation.ts'

const largestPacketBytes = 5 + 268_435_455

export interface Frame {
  readonly offset: number
  readonly wire: Buffer
  /** Set on the last one when its header is such that nothing after it can be cut. */
  readonly unreadable?: Violation
}

/** All frames in these bytes, in order; the last one may be cut off. They are windows on the bytes handed in. */
export function cutFrames(bytes: Buffer): readonly Frame[] {
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
