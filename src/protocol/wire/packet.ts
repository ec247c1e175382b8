/** The protocol level byte of CONNECT: 3 is MQTT 3.1, 4 is MQTT 3.1.1, 5 is MQTT 5.0. */
export type ProtocolVersion = 3 | 4 | 5

/** Who sent the bytes. Many packets may travel in one direction only. */
export type Sender = 'client' | 'server'

export type QoS = 0 | 1 | 2

export type UserProperty = readonly [name: string, value: string]

/** All properties of MQTT 5, by the standard's names in camelCase. Which packet may carry which: `properties.ts`. */
export interface Properties {
  readonly payloadFormatIndicator?: 0 | 1
  /** Seconds. */
  readonly messageExpiryInterval?: number
  readonly contentType?: string
  readonly responseTopic?: string
  readonly correlationData?: Uint8Array
  /** PUBLISH from a server may carry several; SUBSCRIBE carries at most one. */
  readonly subscriptionIdentifier?: readonly number[]
  /** Seconds; 0xFFFFFFFF never expires. */
  readonly sessionExpiryInterval?: number
  readonly assignedClientIdentifier?: string
  /** Seconds. */
  readonly serverKeepAlive?: number
  readonly authenticationMethod?: string
  readonly authenticationData?: Uint8Array
  readonly requestProblemInformation?: 0 | 1
  /** Seconds. */
  readonly willDelayInterval?: number
  readonly requestResponseInformation?: 0 | 1
  readonly responseInformation?: string
  readonly serverReference?: string
  readonly reasonString?: string
  readonly receiveMaximum?: number
  readonly topicAliasMaximum?: number
  readonly topicAlias?: number
  readonly maximumQoS?: 0 | 1
  readonly retainAvailable?: 0 | 1
  /** Order and duplicates are kept. */
  readonly userProperties?: readonly UserProperty[]
  /** Bytes. */
  readonly maximumPacketSize?: number
  readonly wildcardSubscriptionAvailable?: 0 | 1
  readonly subscriptionIdentifiersAvailable?: 0 | 1
  readonly sharedSubscriptionAvailable?: 0 | 1
}

export interface Will {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: QoS
  readonly retain: boolean
  /** Empty below MQTT 5. */
  readonly properties: Properties
}

export interface Connect {
  readonly type: 'connect'
  readonly version: ProtocolVersion
  /** The high bit of the level is set, below MQTT 5: mosquitto's bridges say so what they are. No standard knows it. */
  readonly bridge?: true
  /** Clean Session below MQTT 5. */
  readonly cleanStart: boolean
  readonly keepAliveSeconds: number
  readonly clientId: string
  readonly will?: Will
  readonly username?: string
  readonly password?: Uint8Array
  readonly properties: Properties
}

export interface Connack {
  readonly type: 'connack'
  readonly sessionPresent: boolean
  readonly reasonCode: number
  readonly properties: Properties
}

export interface Publish {
  readonly type: 'publish'
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: QoS
  readonly retain: boolean
  readonly dup: boolean
  /** Absent at QoS 0. */
  readonly packetId?: number
  readonly properties: Properties
}

/** PUBACK, PUBREC, PUBREL and PUBCOMP share one shape. Below MQTT 5 the reason code is always 0. */
export interface Acknowledgement {
  readonly type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'
  readonly packetId: number
  readonly reasonCode: number
  readonly properties: Properties
  /** MQTT 3.1 only: PUBREL may carry DUP. Never set otherwise. */
  readonly dup?: boolean
}

export interface SubscriptionRequest {
  readonly filter: string
  readonly qos: QoS
  /** MQTT 5 only; false, false and 0 below it. */
  readonly noLocal: boolean
  readonly retainAsPublished: boolean
  readonly retainHandling: 0 | 1 | 2
}

export interface Subscribe {
  readonly type: 'subscribe'
  readonly packetId: number
  readonly subscriptions: readonly SubscriptionRequest[]
  readonly properties: Properties
  /** MQTT 3.1 only. */
  readonly dup?: boolean
}

export interface Suback {
  readonly type: 'suback'
  readonly packetId: number
  readonly reasonCodes: readonly number[]
  readonly properties: Properties
}

export interface Unsubscribe {
  readonly type: 'unsubscribe'
  readonly packetId: number
  readonly filters: readonly string[]
  readonly properties: Properties
  /** MQTT 3.1 only. */
  readonly dup?: boolean
}

export interface Unsuback {
  readonly type: 'unsuback'
  readonly packetId: number
  /** Empty below MQTT 5. */
  readonly reasonCodes: readonly number[]
  readonly properties: Properties
}

export interface Pingreq {
  readonly type: 'pingreq'
}

export interface Pingresp {
  readonly type: 'pingresp'
}

export interface Disconnect {
  readonly type: 'disconnect'
  readonly reasonCode: number
  readonly properties: Properties
}

/** MQTT 5 only. */
export interface Auth {
  readonly type: 'auth'
  readonly reasonCode: number
  readonly properties: Properties
}

export type Packet =
  | Connect
  | Connack
  | Publish
  | Acknowledgement
  | Subscribe
  | Suback
  | Unsubscribe
  | Unsuback
  | Pingreq
  | Pingresp
  | Disconnect
  | Auth

export type PacketType = Packet['type']
