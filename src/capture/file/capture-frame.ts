/** One frame of a capture file, as its link layer sent it. */
export interface CaptureFrame {
  /** As LINKTYPE_ values number them: 1 is Ethernet. */
  readonly linkType: number
  /** Microseconds since 1970. */
  readonly epochMicroseconds: number
  /** A window on the reader's memory: it holds until the sink returns. */
  readonly bytes: Buffer
  /** The frame had more bytes than the capture kept. */
  readonly isCutOff: boolean
}

export type FrameSink = (frame: CaptureFrame) => void

/** Why a file cannot be read on, and where. Data: what was read before it counts. */
export interface CaptureProblem {
  /** From the beginning of the file. */
  readonly offset: number
  readonly message: string
}
