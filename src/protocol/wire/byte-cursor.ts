import { ReasonCode } from '../reason-code.ts'
import type { DecodeContext } from './decode-context.ts'
import type { PacketType, ProtocolVersion, Sender } from './packet.ts'
import { citation, type Rule, rules } from './rules.ts'
import { utf8Problem } from './utf8.ts'
import type { Violation } from './violation.ts'

/**
 * Reads the data types of MQTT out of one packet. A read that does not fit stops the cursor: from then on every read
 * gives 0 or nothing, so a reader is written straight down and asks once, at its end.
 */
export class ByteCursor {
  readonly bytes: Buffer
  /** Where the packet begins; every offset that leaves here counts from it. */
  readonly origin: number
  readonly sender: Sender
  /** CONNECT tells its own. */
  version: ProtocolVersion
  packet: PacketType | undefined = undefined
  at: number
  /** Of the packet, or of the property block being read. */
  end: number
  stopped = false
  #inBlock = false
  readonly #collected: Violation[] | undefined
  #first: Violation | undefined = undefined

  /** With `collected` a broken rule is noted and reading goes on where it can; without, the first one stops it. */
  constructor(bytes: Buffer, start: number, end: number, context: DecodeContext, collected?: Violation[]) {
    this.bytes = bytes
    this.origin = start
    this.at = start
    this.end = end
    this.version = context.version
    this.sender = context.sender
    this.#collected = collected
  }

  get firstViolation(): Violation | undefined {
    return this.#first
  }

  /** `at` counts as the cursor does, not from the packet's start. */
  fault(rule: Rule | string, at: number, reasonCode: number, message: string): void {
    if (this.stopped) return // what follows a cut-off field only follows from it
    this.faultInHeader(rule, at, reasonCode, message)
  }

  /** The same of what stands before a field that was cut off: that does not follow from it. */
  faultInHeader(rule: Rule | string, at: number, reasonCode: number, message: string): void {
    const violation = this.#violation(citation(rule, this.version), at - this.origin, reasonCode, message)
    this.#first ??= violation
    if (this.#collected === undefined) this.stop()
    else this.#collected.push(violation)
  }

  #violation(rule: string, offset: number, reasonCode: number, message: string): Violation {
    const fault = { offset, rule, reasonCode, message }
    return this.packet === undefined ? fault : { packet: this.packet, ...fault }
  }

  /** Nothing after this point can be read with any sense. */
  stop(): void {
    this.stopped = true
    this.at = this.end
  }

  /** Reports that `name`, which begins at `at`, does not fit, and stops. Gives 0, for the caller to return. */
  cutOff(name: string, at: number): 0 {
    const rule = this.#inBlock ? rules.propertyLength : rules.remainingLength
    const whole = this.#inBlock ? 'property block' : 'packet'
    this.fault(rule, at, ReasonCode.malformedPacket, `${name} is cut off: the ${whole} ends inside it`)
    this.stop()
    return 0
  }

  /** The next `length` bytes are a property block: reads end with it. Gives what `leaveBlock` needs. */
  enterBlock(length: number): number {
    const packetEnd = this.end
    this.end = this.at + length
    this.#inBlock = true
    return packetEnd
  }

  /** Back to the packet. Collecting, even after a block that could not be read to its end. */
  leaveBlock(packetEnd: number): void {
    this.#inBlock = false
    if (this.stopped && this.#collected === undefined) return
    this.stopped = false
    this.at = this.end
    this.end = packetEnd
  }

  takeByte(name: string): number {
    const at = this.at
    if (at >= this.end) return this.cutOff(name, at)
    this.at = at + 1
    return this.bytes[at]!
  }

  takeUint16(name: string): number {
    const at = this.at
    if (at + 2 > this.end) return this.cutOff(name, at)
    this.at = at + 2
    return (this.bytes[at]! << 8) | this.bytes[at + 1]!
  }

  takeUint32(name: string): number {
    const at = this.at
    if (at + 4 > this.end) return this.cutOff(name, at)
    this.at = at + 4
    return this.bytes.readUInt32BE(at)
  }

  takeVariableInteger(name: string): number {
    const start = this.at
    let value = 0
    for (let index = 0; index < 4; index++) {
      const byte = this.takeByte(name)
      value += (byte & 0x7f) * 128 ** index
      if (byte < 0x80) {
        if (byte === 0 && index > 0) this.notMinimal(name, start) // [MQTT-1.5.5-1]
        return value
      }
    }
    this.fault(rules.integerLength, start, ReasonCode.malformedPacket, `${name} has a fifth length byte`)
    this.stop()
    return 0
  }

  notMinimal(name: string, at: number): void {
    this.fault(rules.integerMinimal, at, ReasonCode.malformedPacket, `${name} is written in more bytes than it needs`)
  }

  takeString(name: string): string {
    const start = this.at
    const length = this.takeUint16(name)
    const textStart = this.at
    const textEnd = textStart + length
    if (textEnd > this.end) {
      this.cutOff(name, start)
      return ''
    }
    this.at = textEnd
    const problem = utf8Problem(this.bytes, textStart, textEnd)
    if (problem !== undefined) {
      const isNull = problem.kind === 'null'
      const what = isNull ? 'contains the null character' : 'is not well-formed UTF-8'
      this.fault(
        isNull ? rules.utf8NoNull : rules.utf8WellFormed,
        problem.at,
        ReasonCode.malformedPacket,
        `${name} ${what}`,
      )
    }
    return this.bytes.toString('utf8', textStart, textEnd) // keeps a byte order mark [MQTT-1.5.4-3]
  }

  /** In place: copy what you keep. */
  takeBinary(name: string): Buffer {
    const start = this.at
    const length = this.takeUint16(name)
    if (this.at + length > this.end) {
      this.cutOff(name, start)
      return this.bytes.subarray(0, 0)
    }
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }
}
