import { CaptureFileReader } from './file/capture-file-reader.ts'
import type { CaptureFrame, CaptureProblem } from './file/capture-frame.ts'
import { IpFragments } from './network/ip-fragments.ts'
import { readIpPacket } from './network/ip-packet.ts'
import { ipOffset, isKnownLinkType } from './network/link-layer.ts'
import { type CapturedConnection, type ConnectionSink, TcpConnections } from './tcp/tcp-connections.ts'
import { readSegment } from './tcp/tcp-segment.ts'

const tcpProtocol = 6

/** What was in a capture, and what of it could not be read. */
export interface CaptureAccount {
  readonly frames: number
  readonly segments: number
  /** Frames of which the capture has not all bytes. */
  readonly cutOffFrames: number
  /** IP packets of which fragments are missing. */
  readonly incompletePackets: number
  readonly connectionsGivenUp: number
  /** Link types that are not known, by number. */
  readonly unknownLinkTypes: readonly number[]
  /** Why the file could not be read to its end. */
  readonly problem?: CaptureProblem
}

/** From the bytes of a capture file to what each side of each TCP connection said. Memory does not grow with the file. */
export class CaptureReader {
  readonly #file = new CaptureFileReader((frame) => this.#take(frame))
  readonly #fragments = new IpFragments()
  readonly #connections: TcpConnections
  readonly #unknownLinkTypes = new Set<number>()
  #frames = 0
  #segments = 0
  #cutOffFrames = 0

  /** `open` is asked what to do with each connection when its first segment comes. */
  constructor(open: (connection: CapturedConnection, epochMicroseconds: number) => ConnectionSink) {
    this.#connections = new TcpConnections(open)
  }

  /** True when there is no use in more. */
  push(bytes: Buffer): boolean {
    this.#file.push(bytes)
    return this.#file.problem !== undefined
  }

  end(): CaptureAccount {
    const problem = this.#file.end()
    this.#connections.end()
    return {
      frames: this.#frames,
      segments: this.#segments,
      cutOffFrames: this.#cutOffFrames,
      incompletePackets: this.#fragments.givenUp + this.#fragments.unfinished,
      connectionsGivenUp: this.#connections.givenUp,
      unknownLinkTypes: [...this.#unknownLinkTypes],
      ...(problem !== undefined && { problem }),
    }
  }

  #take({ linkType, bytes, epochMicroseconds, isCutOff }: CaptureFrame): void {
    this.#frames++
    if (isCutOff) this.#cutOffFrames++
    const start = ipOffset(linkType, bytes)
    if (start === undefined) {
      if (!isKnownLinkType(linkType)) this.#unknownLinkTypes.add(linkType)
      return
    }
    const packet = readIpPacket(bytes, start)
    if (packet?.protocol !== tcpProtocol) return
    const { fragment, payloadStart, payloadEnd, sourceStart, destinationStart, addressBytes } = packet
    const whole = fragment === undefined ? undefined : this.#fragments.take(bytes, packet, fragment)
    if (fragment !== undefined && whole === undefined) return
    const segment = whole === undefined ? readSegment(bytes, payloadStart, payloadEnd) : readSegment(whole)
    if (segment === undefined) return
    this.#segments++
    const addresses = bytes.toString('latin1', sourceStart, destinationStart + addressBytes)
    this.#connections.take(addresses, segment, epochMicroseconds)
  }
}
