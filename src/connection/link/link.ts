import type { MqttCliError } from '../../errors.ts'
import type { Conceal } from '../../protocol/conceal.ts'
import {
  answersOther,
  authUnasked,
  beforeConnack,
  connackAgain,
  noServersBytes,
} from '../../protocol/session/order-violations.ts'
import { encodePacket } from '../../protocol/wire/encode-packet.ts'
import type {
  Auth,
  Connack,
  Disconnect,
  Packet,
  PacketType,
  Properties,
  ProtocolVersion,
  Publish,
  Suback,
  Unsuback,
} from '../../protocol/wire/packet.ts'
import type { ScannedPublish } from '../../protocol/wire/publish-scan.ts'
import type { Violation } from '../../protocol/wire/violation.ts'
import { monotonicMs } from '../clock.ts'
import type { ConnectRequest, DriverOutput, SessionDriver } from '../driver/session-driver.ts'
import type { Publisher } from '../publish/publisher.ts'
import { disconnectRefusal, protocolError } from '../refusals.ts'
import { describeForeignBytes } from '../transport/foreign-bytes.ts'
import type { Transport } from '../transport/transport.ts'
import { BulkReader, type ReadsInBulk } from './bulk-reader.ts'
import { type AcknowledgementType, Gate, type GateHandlers } from './gate.ts'
import { Keepalive, type KeptAlive } from './keepalive.ts'
import { errorOfEnd, type LinkEnd } from './link-end.ts'
import { LinkEnding } from './link-ending.ts'
import { cannotAuthenticate, connectionLost, foreignPeer, silentPeer } from './link-errors.ts'
import { isInOldForm, Opening } from './opening.ts'
import { Outbox } from './outbox.ts'
import { PeerNotes } from './peer-notes.ts'
import { Pings } from './pings.ts'
import type { Receiver } from './receiver.ts'
import { Requests } from './requests.ts'
import { lossAfter, unansweredPacket } from './unanswered.ts'
import { answerToUnusedPubrec, unused } from './unused-identifier.ts'

const pubcompByte = 0x70
/** A silent broker is given up after one and a half of these and a second. */
const answerKeepAliveSeconds = 20
/** A packet that the driver need not know of. */
const handled = 'handled'

export type MakeDriver = (output: DriverOutput, requests: Requests) => SessionDriver

export interface LinkParts {
  readonly version: ProtocolVersion
  readonly makeDriver: MakeDriver
  /** CONNACK said yes. Called before the next packet is looked at: a resumed session's messages may be right behind. */
  readonly accepted: (link: Link, connack: Connack) => void
  /** Told at once, where a promise for each of ten thousand connections would cost too much. */
  readonly ended?: (link: Link, end: LinkEnd) => void
  readonly maximumPacketSize?: number
  /** Reserved flags of the fixed header that are set are noted, and let pass. */
  readonly toleratesFlags?: boolean
  readonly conceal?: Conceal
  /** The broker was a little wrong, and the connection goes on. */
  readonly note?: (message: string) => void
}

/**
 * One network connection, from an open transport to its end: what the gate lets pass is handed to the driver, the
 * receiver or the publisher. It never reconnects, and knows of no earlier connection: that is for `reconnect/`. There may
 * be ten thousand of these, so whatever only a busy connection needs is made when it is needed. Begin with `connect`, then
 * `control`, `message` and `acknowledgement`, which the gate calls; `#closed` is the end of all.
 */
export class Link implements GateHandlers, DriverOutput, KeptAlive, ReadsInBulk {
  readonly outbox: Outbox
  readonly version: ProtocolVersion
  publisher: Publisher | undefined
  receiver: Receiver | undefined
  readonly #transport: Transport
  readonly #gate: Gate
  readonly #driver: SessionDriver
  readonly #requests: Requests
  readonly #accepted: LinkParts['accepted']
  readonly #onEnd: LinkParts['ended']
  readonly #notes: PeerNotes | undefined
  #bulkReader: BulkReader | 'none' | undefined
  #pings: Pings | undefined
  #keepalive: Keepalive | undefined
  #opening: Opening | undefined
  #authenticationMethod: string | undefined
  /** Made when somebody asks of the end, or begins it. */
  #ending: LinkEnding | undefined
  #standsSinceMs = 0
  #isConnected = false
  #hasReceived = false
  #hasHeardSinceConnack = false
  #answeredInOldForm = false

  constructor(transport: Transport, parts: LinkParts) {
    const { version } = parts
    this.version = version
    this.#transport = transport
    this.#accepted = parts.accepted
    this.#onEnd = parts.ended
    this.#notes = parts.note && new PeerNotes(parts.note)
    this.outbox = new Outbox(transport)
    this.#gate = new Gate(version, this, parts)
    this.#requests = new Requests(version)
    this.#driver = parts.makeDriver(this, this.#requests)
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

  /** By the monotonic clock, in whole milliseconds: since CONNACK said yes. */
  get standsSinceMs(): number {
    return this.#standsSinceMs
  }

  /** How it ended, once it has. */
  get end(): LinkEnd | undefined {
    return this.#ending?.end
  }

  /** Settles when the network connection is gone. */
  get ended(): Promise<LinkEnd> {
    return this.#toEnd.ended
  }

  get #isEnding(): boolean {
    return this.#ending?.hasBegun === true
  }

  get #toEnd(): LinkEnding {
    this.#ending ??= new LinkEnding()
    return this.#ending
  }

  /** Sends CONNECT and waits for CONNACK, whatever it says. Rejects when the connection ends first. */
  connect(request: ConnectRequest): Promise<Connack> {
    return new Promise((answered, failed) => {
      if (this.end !== undefined) return failed(errorOfEnd(this.end, this.#transport.description))
      this.#opening = new Opening(request, answered, failed)
      this.#authenticationMethod = request.properties.authenticationMethod
      this.#startReading()
      this.#driver.connect(request)
    })
  }

  /** A function of its own: one that is made where `request` is in sight keeps it for as long as the connection lasts. */
  #startReading(): void {
    this.#transport.onBytes = (bytes) => this.#received(bytes)
  }

  /** Keep alive in force from here on, in seconds; 0 is none. */
  keepAlive(seconds: number): void {
    if (seconds === 0) return
    this.#keepalive = new Keepalive(seconds, this)
    this.#keepalive.sent(this.outbox.writtenBytes)
    this.outbox.listener = this.#keepalive
  }

  /** Nothing but answers is awaited: with a keep alive of 0 too, a broker that is gone is found to be. */
  awaitAnswers(): void {
    if (this.#keepalive === undefined) this.keepAlive(answerKeepAliveSeconds)
  }

  sendPing(): void {
    this.#pings ??= new Pings(this)
    this.#pings.send()
  }

  get leftBytes(): number {
    return this.#transport.leftBytes
  }

  get arrivedBytes(): number {
    return this.#transport.arrivedBytes
  }

  fellSilent(silentMs: number, keepAliveSeconds: number): void {
    const { writtenBytes } = this.outbox
    this.fail(silentPeer(silentMs, keepAliveSeconds, { writtenBytes, leftBytes: this.leftBytes }))
  }

  /** Everything written before has reached the broker when this resolves. Rejects when the connection goes first. */
  ping(): Promise<void> {
    if (this.end !== undefined) return Promise.reject(errorOfEnd(this.end, this.#transport.description))
    this.#pings ??= new Pings(this)
    return this.#pings.wait()
  }

  /** One for all connections of a thread, or none while something measures how long an answer takes; else our own. */
  set bulkReader(reader: BulkReader | 'none') {
    this.#bulkReader = reader
  }

  get isOwing(): boolean {
    return this.end !== undefined || this.receiver?.isOwing === true
  }

  /** DISCONNECT and a clean end; that of a broker that has no more to say need not be waited for. */
  async leave(reasonCode: number, properties: Properties, hasBrokerDone = false): Promise<void> {
    if (this.#isEnding) return
    this.#toEnd.hasBegun = true
    this.outbox.flush()
    if (this.#isConnected) await this.#driver.disconnect(reasonCode, properties)
    this.outbox.flush()
    if (hasBrokerDone && this.#pings?.isUnanswered !== true) this.#transport.depart()
    else this.#transport.end()
    await this.ended
  }

  /** An end without a word, after what was written. */
  async hangUp(): Promise<void> {
    this.#toEnd.hasBegun = true
    this.outbox.flush()
    this.#transport.end()
    await this.ended
  }

  /** Ends at once, without a word to the peer. */
  fail(error: MqttCliError): void {
    this.#toEnd.because({ error })
    this.#gate.close()
    this.#transport.destroy()
  }

  send(packets: Buffer): void {
    this.outbox.send(packets)
  }

  /** Reading waits for a slow reader of our output; pings go on. */
  hold(isHeld: boolean): void {
    this.#keepalive?.reading(!isHeld)
    if (isHeld) this.#transport.pause()
    else this.#transport.resume()
  }

  scannedPublish(publish: ScannedPublish): Violation | undefined {
    return this.receiver === undefined ? this.#unwanted() : this.receiver.scannedPublish(publish)
  }

  decodedPublish(packet: Publish): Violation | undefined {
    return this.receiver === undefined ? this.#unwanted() : this.receiver.decodedPublish(packet)
  }

  /** A session of the user's may have subscriptions that a publisher knows nothing of: unacknowledged, their messages stay. */
  #unwanted(): Violation | undefined {
    return this.#isConnected ? undefined : beforeConnack('publish', this.version)
  }

  acknowledgement(type: AcknowledgementType, packetId: number, code: number, packet?: Packet): Violation | undefined {
    if (!this.#isConnected) return beforeConnack(type, this.version)
    if (type === 'pubrel') return this.#released(packetId)
    const { publisher } = this
    const outcome = publisher === undefined ? unused : publisher.acknowledged(type, packetId, code, packet)
    if (outcome !== unused) return outcome
    if (this.#requests.awaits(packetId)) return answersOther(type, packetId, this.version)
    const answer = type === 'pubrec' ? answerToUnusedPubrec(packetId, code, this.version) : undefined
    if (answer !== undefined) this.outbox.append(answer)
    return this.#noteUnused(type, packetId)
  }

  /** Never success, and no reason to end: mosquitto's clients go on too. */
  #noteUnused(type: PacketType, packetId: number): undefined {
    this.#notes?.unusedIdentifier(type, packetId)
  }

  tolerated(violation: Violation): void {
    this.#notes?.reservedFlags(violation)
  }

  /** PUBCOMP is due whoever began the handshake [MQTT-4.3.3-11]. */
  #released(packetId: number): undefined {
    if (this.receiver === undefined) this.outbox.appendAcknowledgement(pubcompByte, packetId)
    else this.receiver.release(packetId)
  }

  control(packet: Packet, wire: Buffer): Violation | undefined {
    const outcome = this.#applyControl(packet, wire.length)
    if (outcome === handled) return undefined
    if (outcome === undefined) this.#driver.received(packet, wire)
    return outcome
  }

  violated(violation: Violation): void {
    this.#toEnd.because({ error: protocolError(violation) })
    if (this.version === 5 && this.#isConnected && !this.#isEnding) {
      const goodbye = { type: 'disconnect', reasonCode: violation.reasonCode, properties: {} } as const
      this.send(encodePacket(goodbye, this.version)) // [MQTT-4.13.2-1]
    }
    this.#toEnd.hasBegun = true
    this.#transport.end()
  }

  #applyControl(packet: Packet, wireBytes: number): Violation | typeof handled | undefined {
    if (packet.type === 'connack') return this.#connack(packet, wireBytes)
    if (packet.type === 'auth') return this.#auth(packet)
    if (!this.#isConnected) return beforeConnack(packet.type, this.version)
    if (packet.type === 'suback' || packet.type === 'unsuback') return this.#answer(packet)
    if (packet.type === 'disconnect') this.#dismissed(packet)
    if (packet.type !== 'pingresp') return undefined
    this.#pings?.answered()
    return handled
  }

  #answer(packet: Suback | Unsuback): Violation | typeof handled | undefined {
    const outcome = this.#requests.answer(packet)
    if (outcome !== unused) return outcome
    const { type, packetId } = packet
    if (this.publisher?.window.has(packetId) === true) return answersOther(type, packetId, this.version)
    this.#noteUnused(type, packetId)
    return handled
  }

  #connack(packet: Connack, wireBytes: number): Violation | undefined {
    const opening = this.#opening
    if (opening === undefined) return connackAgain(this.version)
    this.#answeredInOldForm = isInOldForm(this.version, wireBytes)
    const violation = opening.violationOf(packet, this.#answeredInOldForm)
    if (violation !== undefined) return violation
    this.#opening = undefined
    this.#isConnected = packet.reasonCode === 0
    if (this.#isConnected) {
      this.#standsSinceMs = Math.floor(monotonicMs())
      this.#accepted(this, packet)
    }
    opening.answered(packet)
    return undefined
  }

  #auth(packet: Auth): Violation | undefined {
    if (this.#authenticationMethod === undefined) return authUnasked()
    this.fail(cannotAuthenticate(this.#authenticationMethod, packet))
    return undefined
  }

  /** DISCONNECT from the broker: what it said is why we ended. */
  #dismissed(packet: Disconnect): void {
    this.#toEnd.because({ error: disconnectRefusal(packet), disconnect: packet })
    this.#gate.close()
    this.#toEnd.hasBegun = true
    this.#transport.end()
  }

  #received(bytes: Buffer): void {
    const now = monotonicMs()
    if (bytes.length === 0) this.#keepalive?.received(now) // much of a packet that will be passed on when it is whole
    if (bytes.length === 0) return
    if (!this.#hasReceived && this.#isForeign(bytes)) return
    const isFirst = !this.#hasReceived
    this.#hasReceived = true
    this.#hasHeardSinceConnack = this.#isConnected
    if (this.#gate.receive(bytes)) this.#keepalive?.received(now)
    else this.#keepalive?.receivedPart(bytes.length, now)
    if (isFirst && this.#gate.unfinished !== undefined) this.#checkBeginning(bytes)
    this.receiver?.readEnd()
    this.publisher?.readEnd()
    this.outbox.flush()
    if (this.#isConnected && !this.#isEnding) this.#afterRead(bytes.length, now)
  }

  #afterRead(bytes: number, nowMs: number): void {
    if (this.receiver === undefined && this.publisher === undefined) return // only pings pass
    this.#bulkReader ??= BulkReader.forOne()
    if (this.#bulkReader !== 'none') this.#bulkReader.afterRead(this, bytes, nowMs)
  }

  /** TLS or HTTP where MQTT was expected is a wrong port, not a broken broker. */
  #isForeign(bytes: Buffer): boolean {
    const foreign = describeForeignBytes(bytes)
    if (foreign === undefined) return false
    this.fail(foreignPeer(foreign, this.#transport.description))
    return true
  }

  /** The rest of what can be no packet would never come, and the deadline be all that one learns. */
  #checkBeginning(bytes: Buffer): void {
    const violation = this.#isConnected ? undefined : noServersBytes(bytes, this.version)
    if (violation === undefined) return
    this.#gate.close()
    this.violated(violation)
  }

  #drained(): void {
    this.outbox.congested = false
    this.publisher?.drained()
  }

  #closed(cause: MqttCliError | undefined): void {
    const unanswered = this.#isConnected ? unansweredPacket(this.#requests, this.publisher, this.#pings) : undefined
    this.#keepalive?.stop()
    this.#gate.close()
    this.receiver?.close()
    this.publisher?.detach()
    this.#driver.closed()
    const end = this.#toEnd.complete(() => this.#lost(cause, unanswered))
    const error = errorOfEnd(end, this.#transport.description)
    this.#requests.failAll(error)
    this.#pings?.failAll(error)
    this.#opening?.failed(error)
    this.#toEnd.tell(end)
    this.#onEnd?.(this, end)
  }

  #lost(cause: MqttCliError | undefined, unanswered: string | undefined): LinkEnd {
    const error = cause ?? connectionLost(this.#transport.description, this.#gate.unfinished)
    if (unanswered === undefined || error.kind !== 'lost') return { error, isWordless: true }
    const isSure = !this.#hasHeardSinceConnack
    const told = lossAfter(error, unanswered, isSure)
    return { error: told, isWordless: true, ...(isSure && { closedOn: unanswered }) }
  }
}
