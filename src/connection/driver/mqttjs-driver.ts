import { Duplex } from 'node:stream'
import type { IClientOptions } from 'mqtt'
import mqttClient from 'mqtt/lib/client' // the client alone: the package's entry loads every transport as well
import { encodePacket } from '../../protocol/wire/encode-packet.ts'
import { FrameSplitter } from '../../protocol/wire/frame-splitter.ts'
import type {
  Packet,
  Properties,
  ProtocolVersion,
  Suback,
  SubscriptionRequest,
  Unsuback,
} from '../../protocol/wire/packet.ts'
import type { Asked, Requests } from '../link/requests.ts'
import {
  type ConnectRequest,
  connectPacket,
  type DriverOutput,
  highestRequestId,
  lowestRequestId,
  type SessionDriver,
} from './session-driver.ts'

const packetTypes = { connect: 1, subscribe: 8, unsubscribe: 10 } as const

/**
 * The session run by mqtt.js, over a stream that is ours: one client for each network connection, since reconnecting is
 * ours too. mqtt.js decides what is sent and when; the bytes are our encoder's, because mqtt.js writes a packet in 7 to
 * 12 pieces and keeps user properties in an object, where order, repeats and `__proto__` are lost.
 */
export class MqttJsDriver implements SessionDriver {
  readonly #output: DriverOutput
  readonly #requests: Requests
  /** What mqtt.js was asked for and has not put on the wire yet. */
  readonly #asked: Asked[] = []
  readonly #outbound = new FrameSplitter({})
  #client: mqttClient.default | undefined
  #stream: Duplex | undefined
  #version: ProtocolVersion = 5
  #connect: Packet | undefined
  #ready: Promise<void> = Promise.resolve()
  #isReady: () => void = () => {}

  constructor(output: DriverOutput, requests: Requests) {
    this.#output = output
    this.#requests = requests
  }

  connect(request: ConnectRequest): void {
    this.#version = request.version
    this.#connect = connectPacket(request)
    const stream = new Duplex({
      read() {},
      write: (chunk: Buffer, _encoding, done) => {
        this.#outbound.push(chunk, (bytes, start, bodyStart, end) =>
          this.#wrote(bytes.subarray(start, end), bodyStart - start),
        )
        done()
      },
    })
    const client = new mqttClient.default(() => stream as never, clientOptions(request))
    this.#stream = stream
    this.#client = client
    this.#ready = new Promise((resolve) => {
      this.#isReady = resolve
      client.once('connect', () => resolve())
    })
    client.on('error', () => {}) // the gate has said it already, with the packet and the reason
  }

  ready(): Promise<void> {
    return this.#ready
  }

  subscribe(subscriptions: readonly SubscriptionRequest[], properties: Properties): Promise<Suback> {
    return this.#requests.subscribe(subscriptions, properties, (asked) => {
      this.#asked.push(asked)
      const filters = subscriptions.map(({ filter }) => filter)
      this.#client?.subscribe(filters, { qos: subscriptions[0]?.qos ?? 0 }, () => {})
    })
  }

  unsubscribe(filters: readonly string[], properties: Properties): Promise<Unsuback> {
    return this.#requests.unsubscribe(filters, properties, (asked) => {
      this.#asked.push(asked)
      this.#client?.unsubscribe([...filters], () => {})
    })
  }

  received(_packet: Packet, wire: Buffer): void {
    this.#stream?.push(Buffer.from(wire)) // the gate's buffer is read into again
  }

  /** Not by `end(false)`: mqtt.js would wait for the SUBACK of every SUBSCRIBE, for ever if it does not come. */
  async disconnect(reasonCode: number, properties: Properties): Promise<void> {
    this.#client?.end(true)
    this.#send({ type: 'disconnect', reasonCode, properties })
  }

  closed(): void {
    this.#isReady() // a connection that ended right behind CONNACK keeps nobody waiting
    this.#client?.end(true)
    this.#stream?.destroy()
  }

  /** mqtt.js put one whole packet on its stream: the same packet leaves in our own bytes. */
  #wrote(wire: Buffer, headerBytes: number): void {
    const type = (wire[0] as number) >> 4
    if (type === packetTypes.connect) this.#send(this.#connect)
    else if (type === packetTypes.subscribe || type === packetTypes.unsubscribe) {
      const packetId = wire.readUInt16BE(headerBytes)
      const asked = this.#asked.shift()
      asked?.sentAs(packetId)
      this.#send(asked?.packet(packetId))
    } else this.#output.send(Buffer.from(wire))
  }

  #send(packet: Packet | undefined): void {
    if (packet !== undefined) this.#output.send(encodePacket(packet, this.#version))
  }
}

/** mqtt.js keeps the session; timers, pings, retries, resubscribing and the connect deadline are ours. */
function clientOptions(request: ConnectRequest): IClientOptions {
  return {
    protocolVersion: request.version,
    protocolId: request.version === 3 ? 'MQIsdp' : 'MQTT',
    clientId: request.clientId,
    clean: request.cleanStart || request.clientId === '',
    keepalive: request.keepAliveSeconds,
    properties: connectProperties(request),
    reconnectPeriod: 0,
    connectTimeout: 2 ** 31 - 1,
    resubscribe: false,
    queueQoSZero: false,
    // Its keepalive would ping beside ours; it asks for a timer and never hears from it.
    timerVariant: { set: () => 1, clear: () => {} },
    messageIdProvider: requestIds(),
    log: () => {},
  } as IClientOptions
}

/** Only what mqtt.js acts on: the CONNECT on the wire is ours, with every property. */
function connectProperties(request: ConnectRequest): IClientOptions['properties'] {
  const { authenticationMethod } = request.properties
  return request.version === 5 && authenticationMethod !== undefined ? { authenticationMethod } : undefined
}

/** mqtt.js starts at random and uses all 65,535 packet identifiers; the data plane has most of them. */
function requestIds() {
  let next = lowestRequestId
  let last = 0
  return {
    allocate() {
      last = next
      next = next === highestRequestId ? lowestRequestId : next + 1
      return last
    },
    getLastAllocated: () => last,
    register: () => true,
    deallocate: () => {},
    clear: () => {},
  }
}
