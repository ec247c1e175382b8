import type { MqttCliError } from '../errors.ts'
import { encodePacket } from '../protocol/wire/encode-packet.ts'
import type { InboundMessage } from '../protocol/wire/inbound-message.ts'
import type {
  Auth,
  Connack,
  Disconnect,
  Packet,
  Properties,
  ProtocolVersion,
  Publish,
} from '../protocol/wire/packet.ts'
import type { Violation } from '../protocol/wire/violation.ts'
import { BulkReader } from './bulk-reader.ts'
import { monotonicMs } from './clock.ts'
import { type AcknowledgementType, Gate, type GateHandlers } from './gate.ts'
import { Keepalive } from './keepalive.ts'
import { cannotAuthenticate, connectionLost, foreignPeer, silentPeer } from './link-errors.ts'
import { Outbox } from './outbox.ts'
import { Pings } from './pings.ts'
import type { Publisher } from './publisher.ts'
import type { Receiver } from './receiver.ts'
import { disconnectRefusal, protocolError } from './refusals.ts'
import { Requests } from './requests.ts'
import type { ConnectRequest, DriverOutput, SessionDriver } from './session-driver.ts'
import {
  acceptedInOldForm,
  acknowledgesNothing,
  authUnasked,
  beforeConnack,
  secondConnack,
  unexpectedSession,
} from './session-rules.ts'
import { describeForeignBytes } from './transport/foreign-bytes.ts'
import type { Transport } from './transport/transport.ts'

const oldConnackBytes = 4
const pubcompByte = 0x70

export type MakeDriver = (output: DriverOutput, requests: Requests) => SessionDriver

export interface LinkParts {
  readonly version: ProtocolVersion
  readonly makeDriver: MakeDriver
  /** CONNACK said yes. Called before the next packet is looked at: a resumed session's messages may be right behind. */
  readonly accepted: (link: Link, connack: Connack) => void
  readonly maximumPacketSize?: number
}

/** How a network connection ended. */
export interface LinkEnd {
  /** Undefined after a planned end. */
  readonly error?: MqttCliError
  /** The broker's last word, when it had one. */
  readonly disconnect?: Disconnect
}

/** One network connection, from an open transport to its end: what passes the gate finds its way here. */
export class Link implements GateHandlers, DriverOutput {
  readonly outbox: Outbox
  readonly version: ProtocolVersion
  readonly ended: Promise<LinkEnd>
  publisher: Publisher | undefined
  receiver: Receiver | undefined
  readonly #transport: Transport
  readonly #gate: Gate
  readonly #driver: SessionDriver
  readonly #requests: Requests
  readonly #bulkReader: BulkReader
  readonly #pings = new Pings(() => this.send(encodePacket({ type: 'pingreq' }, this.version)))
  readonly #accepted: LinkParts['accepted']
  #keepalive: Keepalive | undefined
  #onConnack: ((connack: Connack) => void) | undefined
  #request: ConnectRequest | undefined
  #end: (end: LinkEnd) => void = () => {}
  #isConnected = false
  #isEnding = false
  #hasReceived = false
  #answeredInOldForm = false
  #lastWord: LinkEnd = {}

  constructor(transport: Transport, parts: LinkParts) {
    const { version } = parts
    this.version = version
    this.#transport = transport
    this.#accepted = parts.accepted
    this.outbox = new Outbox(transport)
    this.outbox.onWrite = () => this.#keepalive?.sent()
    this.#gate = new Gate(version, this, parts.maximumPacketSize)
    this.#requests = new Requests(version)
    this.#driver = parts.makeDriver(this, this.#requests)
    this.#bulkReader = new BulkReader(transport, () => this.receiver?.isHolding === true)
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    transport.onDrain = () => this.#drained()
    transport.onClose = (cause) => this.#closed(cause)
  }

  get driver(): SessionDriver {
    return this.#driver
  }

  get hasReceived(): boolean {
    return this.#hasReceived
  }

  /** CONNACK came in four bytes to a CONNECT of MQTT 5: an older server's words. */
  get answeredInOldForm(): boolean {
    return this.#answeredInOldForm
  }

  /** Sends CONNECT and waits for CONNACK, whatever it says. Rejects when the connection ends first. */
  async connect(request: ConnectRequest): Promise<Connack> {
    this.#request = request
    const answer = new Promise<Connack>((resolve) => {
      this.#onConnack = resolve
    })
    this.#transport.onBytes = (bytes) => this.#received(bytes)
    this.#driver.connect(request)
    const first = await Promise.race([answer, this.ended])
    if (!('type' in first)) throw first.error ?? connectionLost(this.#transport.description)
    return first
  }

  /** Keep alive in force from here on, in seconds. */
  keepAlive(seconds: number): void {
    this.#keepalive = new Keepalive(seconds, {
      now: monotonicMs,
      sendPing: () => this.#pings.send(),
      onDead: (silentMs) => this.fail(silentPeer(silentMs, seconds)),
    })
  }

  /** Everything written before has reached the broker when this resolves. Rejects when the connection goes first. */
  ping(): Promise<void> {
    return this.#pings.wait()
  }

  /** Reading in bulk costs a millisecond: not while something waits for the answer. */
  set readsInBulk(enabled: boolean) {
    this.#bulkReader.enabled = enabled
  }

  /** DISCONNECT and a clean end. */
  async leave(reasonCode: number, properties: Properties): Promise<void> {
    if (this.#isEnding) return
    this.#isEnding = true
    this.outbox.flush()
    if (this.#isConnected) await this.#driver.disconnect(reasonCode, properties)
    this.#transport.end()
    await this.ended
  }

  /** Ends at once, without a word to the peer. */
  fail(error: MqttCliError): void {
    this.#lastWord = { error, ...this.#lastWord }
    this.#gate.close()
    this.#transport.destroy()
  }

  send(packets: Buffer): void {
    this.outbox.append(packets)
    this.outbox.flush()
  }

  /** Reading waits for a slow reader of our output; pings go on. */
  hold(isHeld: boolean): void {
    this.#keepalive?.reading(!isHeld)
    if (isHeld) this.#transport.pause()
    else this.#transport.resume()
  }

  message(message: InboundMessage): Violation | undefined {
    return this.receiver === undefined ? this.#unwanted() : this.receiver.message(message)
  }

  publish(packet: Publish): Violation | undefined {
    return this.receiver === undefined ? this.#unwanted() : this.receiver.publish(packet)
  }

  /** A session of the user's may have subscriptions that a publisher knows nothing of: unacknowledged, their messages stay. */
  #unwanted(): Violation | undefined {
    return this.#isConnected ? undefined : beforeConnack('publish', this.version)
  }

  acknowledgement(type: AcknowledgementType, packetId: number, code: number, packet?: Packet): Violation | undefined {
    if (!this.#isConnected) return beforeConnack(type, this.version)
    if (type === 'pubrel') return this.#released(packetId)
    if (this.publisher === undefined) return acknowledgesNothing(type, this.version)
    return this.publisher.acknowledged(type, packetId, code, packet)
  }

  /** PUBCOMP is due whoever began the handshake [MQTT-4.3.3-11]. */
  #released(packetId: number): undefined {
    if (this.receiver === undefined) this.outbox.appendAcknowledgement(pubcompByte, packetId)
    else this.receiver.release(packetId)
  }

  control(packet: Packet, wire: Buffer): Violation | undefined {
    const violation = this.#applyControl(packet, wire.length)
    if (violation === undefined && packet.type !== 'pingresp') this.#driver.received(packet, wire)
    return violation
  }

  violated(violation: Violation): void {
    this.#lastWord = { error: protocolError(violation) }
    if (this.version === 5 && this.#isConnected && !this.#isEnding) {
      const goodbye = { type: 'disconnect', reasonCode: violation.reasonCode, properties: {} } as const
      this.send(encodePacket(goodbye, this.version)) // [MQTT-4.13.2-1]
    }
    this.#isEnding = true
    this.#transport.end()
  }

  #applyControl(packet: Packet, wireBytes: number): Violation | undefined {
    if (packet.type === 'connack') return this.#connack(packet, wireBytes)
    if (packet.type === 'auth') return this.#auth(packet)
    if (!this.#isConnected) return beforeConnack(packet.type, this.version)
    if (packet.type === 'suback' || packet.type === 'unsuback') return this.#requests.answer(packet)
    if (packet.type === 'pingresp') this.#pings.answered()
    else if (packet.type === 'disconnect') this.#dismissed(packet)
    return undefined
  }

  #connack(packet: Connack, wireBytes: number): Violation | undefined {
    const onConnack = this.#onConnack
    if (onConnack === undefined || this.#request === undefined) return secondConnack(this.version)
    const surprise = unexpectedSession(packet, this.#request)
    if (surprise !== undefined) return surprise
    this.#answeredInOldForm = this.version === 5 && wireBytes === oldConnackBytes
    if (this.#answeredInOldForm && packet.reasonCode === 0) return acceptedInOldForm()
    this.#onConnack = undefined
    this.#isConnected = packet.reasonCode === 0
    if (this.#isConnected) this.#accepted(this, packet)
    onConnack(packet)
    return undefined
  }

  #auth(packet: Auth): Violation | undefined {
    const asked = this.#request?.properties.authenticationMethod
    if (asked === undefined) return authUnasked()
    this.fail(cannotAuthenticate(asked, packet))
    return undefined
  }

  /** DISCONNECT from the broker: what it said is why we ended. */
  #dismissed(packet: Disconnect): void {
    this.#lastWord = { error: disconnectRefusal(packet), disconnect: packet }
    this.#gate.close()
    this.#isEnding = true
    this.#transport.end()
  }

  #received(bytes: Buffer): void {
    const now = monotonicMs()
    this.#keepalive?.received(now)
    if (!this.#hasReceived && this.#isForeign(bytes)) return
    this.#hasReceived = true
    this.#gate.receive(bytes)
    this.receiver?.readEnd()
    this.publisher?.readEnd()
    this.outbox.flush()
    if (this.#isConnected && !this.#isEnding && this.publisher?.isBoundByWindow !== true) {
      this.#bulkReader.afterRead(bytes.length, now)
    }
  }

  /** TLS or HTTP where MQTT was expected is a wrong port, not a broken broker. */
  #isForeign(bytes: Buffer): boolean {
    const foreign = describeForeignBytes(bytes)
    if (foreign === undefined) return false
    this.fail(foreignPeer(foreign, this.#transport.description))
    return true
  }

  #drained(): void {
    this.outbox.congested = false
    this.publisher?.drained()
  }

  #closed(cause: MqttCliError | undefined): void {
    this.#keepalive?.stop()
    this.#bulkReader.stop()
    this.#gate.close()
    this.receiver?.close()
    this.publisher?.detach()
    this.#driver.closed()
    const end = this.#isEnding || this.#lastWord.error !== undefined ? this.#lastWord : this.#lost(cause)
    const error = end.error ?? connectionLost(this.#transport.description)
    this.#requests.failAll(error)
    this.#pings.failAll(error)
    this.#end(end)
  }

  #lost(cause: MqttCliError | undefined): LinkEnd {
    return { error: cause ?? connectionLost(this.#transport.description, this.#gate.unfinished) }
  }
}
