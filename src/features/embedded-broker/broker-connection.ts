import type { Duplex } from 'node:stream'
import type { Connack, Connect, Disconnect, Packet } from '../../protocol/wire/packet.ts'
import type { Violation } from '../../protocol/wire/violation.ts'
import { type AedesPublish, disconnectForAedes } from './aedes-packets.ts'
import type { AtFault, BrokerHouse } from './broker-context.ts'
import type { Channel, SendResult } from './broker-session.ts'
import { ClientReader, type Inbound } from './client-reader.ts'
import { ClientRules } from './client-rules.ts'
import { ClientServer } from './client-server.ts'
import { ClientStream } from './client-stream.ts'
import { ClientTimers } from './client-timers.ts'
import { acceptance, authenticationRefusal, bridgeRefusal, type Refusal, refusalOf } from './connect-answer.ts'
import { type AedesEntry, enterAedes } from './connect-to-aedes.ts'
import { causes, type Ending, endsWithConnection } from './connection-end.ts'
import type { ClientEvent } from './events.ts'

type Queued = Inbound | { readonly kind: 'gone'; readonly bytes: 0 }

/** Beyond this many bytes of packets that wait for their turn we stop reading. */
const comfortableQueueBytes = 256 * 1024

const nothing = Buffer.alloc(0)

/** The gate before one client: its bytes become packets, and the packets take their turn. */
export class BrokerConnection implements Channel, AtFault {
  readonly rules: ClientRules
  readonly #number: number
  readonly #house: BrokerHouse
  readonly #stream: Duplex
  readonly #out: ClientStream
  readonly #reader: ClientReader
  readonly #timers: ClientTimers
  readonly #queue: Queued[] = []
  #queuedBytes = 0
  #isServing = false
  #isEnded = false
  #connect: Connect | undefined
  #entry: AedesEntry | undefined
  #server: ClientServer | undefined
  /** aedes answered, or is gone: the next packet may have its turn. */
  #answered = () => {}
  #closeCause = 'the client closed the connection'

  constructor(number: number, stream: Duplex, house: BrokerHouse) {
    this.#number = number
    this.#house = house
    this.#stream = stream
    this.rules = new ClientRules(house.limits)
    this.#reader = new ClientReader(this.rules, house.limits)
    this.#timers = new ClientTimers(house.limits, (what) => this.#endAs(what))
    const watch = house.watch?.(number)
    this.#out = new ClientStream(stream, () => this.#drained(), watch && ((bytes) => watch('server', bytes)))
    if (watch !== undefined) stream.on('data', (chunk: Buffer) => watch('client', chunk))
    stream.on('data', (chunk: Buffer) => this.#read(chunk))
    stream.on('error', (error: Error) => {
      this.#closeCause = error.message
    })
    stream.on('close', () => this.#enqueue({ kind: 'gone', bytes: 0 }))
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

  send(packet: Packet): SendResult {
    const result = this.#out.send(packet)
    this.#timers.wrote(this.#out.isCongested)
    return result
  }

  emit(event: ClientEvent): void {
    const clientId = this.#server?.served.session.clientId ?? this.#connect?.clientId
    const who = { connection: this.#number, ...(clientId === undefined ? {} : { clientId }) }
    this.#house.emit({ ...who, ...event })
  }

  giveWay(): void {
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

  #read(chunk: Buffer): void {
    this.#timers.heardPart(chunk.length)
    this.#reader.read(chunk, (inbound) => {
      this.#timers.heard()
      const isLate = inbound.kind === 'violation' && this.rules.isDisconnected
      if (isLate)
        this.emit({ event: 'violation', violation: inbound.violation }) // the close is under way already
      else if (inbound.kind === 'violation' || !this.#serveAtOnce(inbound.packet)) this.#enqueue(inbound)
    })
  }

  /**
   * An acknowledgement frees something on our side and must not wait behind a publish that waits for just that; and a
   * ping is answered even when others make the client wait.
   */
  #serveAtOnce(packet: Packet): boolean {
    if (this.#server === undefined || this.#isEnded) return false
    if (packet.type === 'pingreq') void this.#server.serve(packet)
    else if (packet.type === 'puback' || packet.type === 'pubrec' || packet.type === 'pubcomp') {
      if (!this.#server.acknowledge(packet)) this.#violated(this.rules.wrongAcknowledgement(packet), nothing)
    } else return false
    return true
  }

  #enqueue(item: Queued): void {
    if (this.#isEnded && item.kind !== 'gone') return
    this.#queue.push(item)
    this.#queuedBytes += item.bytes
    if (this.#queuedBytes > comfortableQueueBytes) this.#stream.pause()
    this.#house.context.run(this, () => void this.#serveQueue())
  }

  async #serveQueue(): Promise<void> {
    if (this.#isServing) return
    this.#isServing = true
    for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) {
      this.#queuedBytes -= item.bytes
      try {
        await this.#serve(item)
      } catch (error) {
        this.fault(error)
      }
      this.#readOn()
    }
    this.#isServing = false
  }

  #readOn(): void {
    if (!this.#stream.isPaused() || this.#queuedBytes > comfortableQueueBytes / 2 || this.#isEnded) return
    this.#timers.heard()
    this.#stream.resume()
  }

  async #serve(item: Queued): Promise<void> {
    if (item.kind === 'gone') return this.#end(this.#causeOfEnd())
    if (this.#isEnded) return
    if (item.kind === 'violation') return this.#violated(item.violation, item.frame)
    if (item.packet.type === 'connect') return this.#serveConnect(item.packet)
    if (item.packet.type === 'disconnect') return this.#serveDisconnect(item.packet)
    if (!this.#serveAtOnce(item.packet)) await this.#server?.serve(item.packet)
  }

  async #serveConnect(connect: Connect): Promise<void> {
    this.#connect = connect
    this.#timers.connected(connect.keepAliveSeconds)
    this.#out.version = connect.version
    this.#out.maximumPacketSize = connect.properties.maximumPacketSize ?? Number.POSITIVE_INFINITY
    const refusal = bridgeRefusal(connect) ?? authenticationRefusal(connect)
    if (refusal !== undefined) return this.#refuse(refusal)
    const listeners = {
      onPacket: (packet: Packet) => this.#fromAedes(packet),
      onClose: (error: Error | null) => this.#doorClosed(error),
    }
    const deliver = (packet: AedesPublish, done: () => void) => {
      if (this.#server === undefined) done()
      else this.#server.deliver(packet, done)
    }
    await this.#untilAnswered(() => {
      this.#entry = enterAedes(this.#house.aedes, connect, listeners, deliver)
    })
  }

  #untilAnswered(ask: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#answered = resolve
      ask()
    })
  }

  /** Its DISCONNECTs are not needed: `giveWay` and `shutDown` say the same, in time. */
  #fromAedes(packet: Packet): void {
    if (packet.type !== 'connack') return
    if (packet.reasonCode === 0) this.#accept(packet)
    else this.#refuse({ connack: packet, version: this.version })
    this.#answered()
  }

  #accept(connack: Connack): void {
    const { aedes, permissions, sessions, limits } = this.#house
    const { cleanStart, username } = this.#connect!
    const { client } = this.#entry!
    sessions.get(client.id)?.channel?.giveWay() // [MQTT-3.1.4-3]; its session may end with it
    const { session, present } = sessions.open(client.id, cleanStart)
    this.#server = new ClientServer({ aedes, client, session, version: this.version, permissions }, this)
    this.send(acceptance(connack, present, this.version, limits))
    const facts = { version: this.version, cleanStart, sessionPresent: present }
    this.emit({ event: 'connected', ...facts, ...(username === undefined ? {} : { username }) })
    session.attach(this)
  }

  #refuse({ connack, version }: Refusal): void {
    this.#out.version = version
    this.send(connack)
    this.emit({ event: 'refused', version, reasonCode: connack.reasonCode })
    this.#end('refused')
  }

  async #serveDisconnect(packet: Disconnect): Promise<void> {
    const { sessionExpiryInterval } = packet.properties
    const connect = this.#connect
    if (sessionExpiryInterval !== undefined && connect !== undefined) {
      this.#connect = { ...connect, properties: { ...connect.properties, sessionExpiryInterval } } // [MQTT5 §3.14.2.2.2]
    }
    this.#closeCause = 'DISCONNECT'
    const door = this.#entry?.door
    if (door === undefined || door.destroyed) return
    await this.#untilAnswered(() => door.pass(disconnectForAedes(packet)))
  }

  #drained(): void {
    this.#timers.wrote(false)
    this.#server?.served.session.drained()
  }

  #violated(violation: Violation, frame: Buffer): void {
    if (this.#isEnded) return
    this.emit({ event: 'violation', violation })
    const refusal = this.#connect === undefined ? refusalOf(violation, frame) : undefined
    if (refusal === undefined) {
      this.#sayGoodbye(violation.reasonCode, violation.message) // [MQTT-4.13.2-1]
      this.#end(`protocol violation ${violation.rule}`)
    } else this.#refuse(refusal)
  }

  #endAs(ending: Ending): void {
    const { cause, reasonCode } = causes[ending]
    if (reasonCode !== undefined) this.#sayGoodbye(reasonCode)
    this.#end(cause)
  }

  /**
   * MQTT 5 only: below it a server has no DISCONNECT. With a reason that is too long for the client it goes without
   * [MQTT-3.14.2-3].
   */
  #sayGoodbye(reasonCode: number, reasonString?: string): void {
    if (this.#server === undefined || this.version < 5 || this.#isEnded) return
    const bare = { type: 'disconnect', reasonCode, properties: {} } as const
    const full = reasonString === undefined ? bare : { ...bare, properties: { reasonString } }
    if (this.send(full) === 'too large') this.send(bare)
  }

  #causeOfEnd(): string {
    return this.#reader.isInsidePacket ? `${this.#closeCause}, inside a packet` : this.#closeCause
  }

  /** aedes let the client go: after DISCONNECT, after an error, or for another one with its identifier. */
  #doorClosed(error: Error | null): void {
    this.#answered()
    this.#end(error?.message ?? (this.rules.isDisconnected ? this.#closeCause : causes['taken over'].cause))
  }

  #end(cause: string): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#timers.stop()
    this.#out.end()
    this.#leaveSession()
    this.emit({ event: 'closed', cause })
    this.#entry?.door.destroy()
  }

  #leaveSession(): void {
    if (this.#server === undefined || this.#connect === undefined) return
    const { session } = this.#server.served
    if (session.channel !== this) return // another connection has it by now
    session.detach(this)
    if (endsWithConnection(this.#connect)) this.#house.sessions.end(session)
  }
}
