import { randomUUID } from 'node:crypto'
import { monotonicMs } from '../../../connection/clock.ts'
import type { Connect, Disconnect, Packet } from '../../../protocol/wire/packet.ts'
import type { Violation } from '../../../protocol/wire/violation.ts'
import type { AtFault, BrokerContext } from '../broker-context.ts'
import type { ClientEvent } from '../events.ts'
import type { Holder } from '../memory/unread-bytes.ts'
import { type Message, messageOfWill } from '../routing/message.ts'
import type { Channel, SendResult } from '../sessions/broker-session.ts'
import type { Accepted } from './accepted.ts'
import { ClientInbox, type Queued } from './client-inbox.ts'
import { ClientReader, type Inbound } from './client-reader.ts'
import { ClientRules } from './client-rules.ts'
import { ClientServer } from './client-server.ts'
import { ClientStream } from './client-stream.ts'
import { ClientTimers } from './client-timers.ts'
import { type Acceptance, acceptance, checkConnect, noRoom, type Refusal, refusalOf } from './connect-answer.ts'
import { causes, type Ending, leavingAfter } from './connection-end.ts'

/** One client may keep us busy for so long, and others have their turn. */
const turnMs = 5

const nothing = Buffer.alloc(0)

/** One client's connection: cuts its bytes into packets, holds them to the rules, and serves them in order. */
export class BrokerConnection implements Channel, AtFault, Holder {
  readonly rules: ClientRules
  readonly #number: number
  readonly #broker: BrokerContext
  readonly #accepted: Accepted
  readonly #out: ClientStream
  readonly #reader: ClientReader
  readonly #inbox: ClientInbox
  readonly #timers: ClientTimers
  #isServing = false
  #isEnded = false
  #connect: Connect | undefined
  #server: ClientServer | undefined
  #disconnect: Disconnect | undefined
  #will: Message | undefined
  #closeCause = 'the client closed the connection'

  constructor(number: number, accepted: Accepted, broker: BrokerContext) {
    const { stream } = accepted
    this.#number = number
    this.#broker = broker
    this.#accepted = accepted
    this.rules = new ClientRules(broker.limits)
    this.#reader = new ClientReader(this.rules, broker.limits)
    this.#timers = new ClientTimers(broker.limits, accepted.spentMs, (what) => this.#endAs(what))
    const watch = broker.watch?.(number)
    this.#out = new ClientStream(stream, {
      onDrain: () => this.#drained(),
      onGrowth: () => broker.unread.count(this),
      onWrite: (bytes) => {
        broker.traffic.bytesSent += bytes.length
        watch?.('server', bytes)
      },
    })
    if (watch !== undefined) stream.on('data', (chunk: Buffer) => watch('client', chunk))
    stream.on('data', (chunk: Buffer) => {
      broker.traffic.bytesReceived += chunk.length
      this.#timers.heardPart(chunk.length)
    })
    this.#inbox = new ClientInbox(stream, this.#reader, {
      isFull: () => this.#out.isFull,
      serveAtOnce: (inbound) => this.#read(inbound),
      onQueued: () => this.#broker.atFault.run(this, () => void this.#serveQueue()),
      onReading: (isReading) => this.#timers.reading(isReading),
      onChange: () => broker.unread.count(this),
    })
    accepted.onGathering((bytes) => {
      this.#timers.heardPart(bytes)
      broker.unread.count(this)
    })
    stream.on('error', (error: Error) => {
      this.#closeCause = error.message
    })
  }

  get version() {
    return this.rules.version
  }

  get receiveMaximum(): number {
    return this.#connect?.properties.receiveMaximum ?? 65_535
  }

  get congested(): boolean {
    return this.#out.isCongested
  }

  get waitingBytes(): number {
    if (this.#isEnded) return 0
    return this.#accepted.gatheredBytes() + this.#inbox.waitingBytes + this.#out.waitingBytes
  }

  send(packet: Packet): SendResult {
    const result = this.#out.send(packet)
    this.#broker.traffic.messagesSent++
    if (packet.type === 'publish' && result === 'sent') this.#broker.traffic.publishesSent++
    this.#timers.wrote(this.#out.isCongested)
    return result
  }

  emit(event: ClientEvent): void {
    const clientId = this.#server?.session.clientId ?? this.#connect?.clientId
    const who = { connection: this.#number, ...(clientId === undefined ? {} : { clientId }) }
    this.#broker.emit({ ...who, ...event })
  }

  takenOver(): void {
    this.#endAs('taken over')
  }

  /** An error that this connection's packet led to, somewhere in the broker. The process goes on without it. */
  fault(error: unknown): void {
    this.emit({ event: 'fault', error })
    this.#endAs('fault')
  }

  shutDown(): void {
    this.#endAs('shut down')
  }

  onOutOfMemory(): void {
    this.#endAs('out of memory')
    this.#out.destroy() // what it did not read is what takes the room
  }

  /**
   * Sees a packet as it is read. An acknowledgement frees something on our side and must not wait behind a publish that
   * waits for just that; and a ping is answered even when others make the client wait.
   */
  #read(inbound: Inbound): boolean {
    this.#timers.heard()
    this.#broker.traffic.messagesReceived++
    if (inbound.kind === 'violation' && this.rules.isDisconnected) {
      this.emit({ event: 'violation', violation: inbound.violation }) // the close is under way already
      return true
    }
    return inbound.kind === 'packet' && this.#serveAtOnce(inbound.packet)
  }

  #serveAtOnce(packet: Packet): boolean {
    if (this.#server === undefined || this.#isEnded) return false
    if (packet.type === 'pingreq') this.send({ type: 'pingresp' })
    else if (packet.type === 'puback' || packet.type === 'pubrec' || packet.type === 'pubcomp') {
      if (!this.#server.session.acknowledge(packet)) this.#violated(this.rules.wrongAcknowledgement(packet), nothing)
    } else return false
    return true
  }

  async #serveQueue(): Promise<void> {
    if (this.#isServing) return
    this.#isServing = true
    let turnEndsAt = monotonicMs() + turnMs
    for (let item = this.#inbox.next(); item !== undefined; item = this.#inbox.next()) {
      try {
        await this.#serve(item)
      } catch (error) {
        this.fault(error)
      }
      if (monotonicMs() > turnEndsAt) {
        await new Promise(setImmediate)
        turnEndsAt = monotonicMs() + turnMs
      }
      if (!this.#isEnded) this.#inbox.cutPackets()
    }
    this.#isServing = false
  }

  async #serve(item: Queued): Promise<void> {
    if (item.kind === 'gone') return this.#end(this.#causeOfEnd())
    if (this.#isEnded) return
    if (item.kind === 'violation') return this.#violated(item.violation, item.frame)
    if (item.packet.type === 'connect') return this.#serveConnect(item.packet)
    if (item.packet.type === 'disconnect') return this.#serveDisconnect(item.packet)
    if (!this.#serveAtOnce(item.packet)) await this.#server?.serve(item.packet)
  }

  async #serveConnect(packet: Connect): Promise<void> {
    const isAssigned = packet.clientId === ''
    const { password: _checked, ...kept } = isAssigned ? { ...packet, clientId: `auto-${randomUUID()}` } : packet
    const connect: Connect = kept
    this.#connect = connect
    this.#timers.connected(connect.keepAliveSeconds)
    this.#out.version = connect.version
    this.#out.maximumPacketSize = connect.properties.maximumPacketSize ?? Number.POSITIVE_INFINITY
    const refusal = await checkConnect(packet, this.#broker)
    if (this.#isEnded) return
    if (refusal !== undefined) this.#refuse(refusal)
    else this.#accept(connect, isAssigned)
  }

  #accept(connect: Connect, isAssigned: boolean): void {
    const { sessions, limits, traffic, permissions, budget } = this.#broker
    const { version, cleanStart, clientId, username } = connect
    const will = connect.will === undefined ? undefined : messageOfWill(connect.will, clientId)
    const hasRoom = will === undefined || budget.hasRoom(will.bytes, 0)
    if (hasRoom) sessions.get(clientId)?.channel?.takenOver() // [MQTT-3.1.4-3]; its session may end with it
    const isToBeKept = leavingAfter(connect, undefined).expirySeconds > 0
    const opened = hasRoom ? sessions.open(clientId, cleanStart, isToBeKept) : undefined
    if (opened === undefined) {
      this.#refuse(noRoom(version))
      return
    }
    this.#will = will
    will?.hold(budget)
    const { session, present } = opened
    session.mayReceive = permissions.ofUser(username).mayReceive
    this.#server = new ClientServer(this.#broker, { session, version, username }, this)
    traffic.clientConnected()
    this.#accepted.admit()
    const answer: Acceptance = { present, version, ...(isAssigned ? { assigned: clientId } : {}) }
    this.send(acceptance(answer, limits))
    const facts = { version, cleanStart, sessionPresent: present }
    this.emit({ event: 'connected', ...facts, ...(username === undefined ? {} : { username }) })
    session.attach(this)
  }

  #refuse({ connack, version }: Refusal): void {
    this.#out.version = version
    this.send(connack)
    this.emit({ event: 'refused', version, reasonCode: connack.reasonCode })
    this.#end('refused')
  }

  #serveDisconnect(packet: Disconnect): void {
    this.#disconnect = packet
    this.#end('DISCONNECT')
  }

  #drained(): void {
    this.#broker.unread.count(this)
    this.#timers.wrote(false)
    this.#server?.session.drained()
    if (!this.#isEnded) this.#inbox.cutPackets()
  }

  #violated(violation: Violation, frame: Buffer): void {
    if (this.#isEnded) return
    this.emit({ event: 'violation', violation })
    const refusal = this.#connect === undefined ? refusalOf(violation, frame) : undefined
    if (refusal === undefined) {
      this.#sendDisconnect(violation.reasonCode, violation.message) // [MQTT-4.13.2-1]
      this.#end(`protocol violation ${violation.rule}`)
    } else this.#refuse(refusal)
  }

  #endAs(ending: Ending): void {
    const { cause, reasonCode } = causes[ending]
    if (reasonCode !== undefined) this.#sendDisconnect(reasonCode)
    this.#end(cause, ending !== 'shut down')
  }

  /**
   * MQTT 5 only: below it a server has no DISCONNECT. With a reason that is too long for the client it goes without
   * [MQTT-3.14.2-3].
   */
  #sendDisconnect(reasonCode: number, reasonString?: string): void {
    if (this.#server === undefined || this.version < 5 || this.#isEnded) return
    const bare = { type: 'disconnect', reasonCode, properties: {} } as const
    const full = reasonString === undefined ? bare : { ...bare, properties: { reasonString } }
    if (this.send(full) === 'too large') this.send(bare)
  }

  #causeOfEnd(): string {
    return this.#reader.isInsidePacket ? `${this.#closeCause}, inside a packet` : this.#closeCause
  }

  #end(cause: string, mayLeaveWill = true): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#timers.stop()
    this.#out.end()
    this.#inbox.discard()
    this.#broker.unread.forget(this)
    this.emit({ event: 'closed', cause })
    this.#leaveSession(mayLeaveWill)
  }

  #leaveSession(mayLeaveWill: boolean): void {
    if (this.#server === undefined || this.#connect === undefined) return
    const { session } = this.#server
    this.#broker.traffic.connected--
    session.detach(this)
    const leaving = leavingAfter(this.#connect, this.#disconnect)
    const will = mayLeaveWill && leaving.isWillDue ? this.#will : undefined
    const { willDelaySeconds: delaySeconds, expirySeconds } = leaving
    if (will === undefined || !this.#server.mayPublish(will.topic))
      this.#broker.sessions.leave(session, { expirySeconds })
    else this.#broker.sessions.leave(session, { expirySeconds, will: { message: will, delaySeconds } })
    this.#will?.release(this.#broker.budget)
  }
}
