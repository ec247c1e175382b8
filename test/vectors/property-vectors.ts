/**
 * Table 2-4 of MQTT 5, by hand: identifier, our key, a value on the wire, what it means, and which packets may carry it
 * from which side (`<` from a client only, `>` from a server only).
 */
export const propertyVectors: readonly (readonly [
  id: number,
  key: string,
  name: string,
  hex: string,
  value: unknown,
  carriers: string,
])[] = [
  [0x01, 'payloadFormatIndicator', 'Payload Format Indicator', '01 01', 1, 'publish will'],
  [0x02, 'messageExpiryInterval', 'Message Expiry Interval', '02 fffffffe', 0xffff_fffe, 'publish will'],
  [0x03, 'contentType', 'Content Type', '03 0002 6162', 'ab', 'publish will'],
  [0x08, 'responseTopic', 'Response Topic', '08 0003 612f62', 'a/b', 'publish will'],
  [0x09, 'correlationData', 'Correlation Data', '09 0002 00ff', Buffer.from([0, 255]), 'publish will'],
  [0x0b, 'subscriptionIdentifier', 'Subscription Identifier', '0b 8001', [128], 'publish> subscribe'],
  [0x11, 'sessionExpiryInterval', 'Session Expiry Interval', '11 00000001', 1, 'connect connack disconnect<'],
  [0x12, 'assignedClientIdentifier', 'Assigned Client Identifier', '12 0001 69', 'i', 'connack'],
  [0x13, 'serverKeepAlive', 'Server Keep Alive', '13 0100', 256, 'connack'],
  [0x15, 'authenticationMethod', 'Authentication Method', '15 0001 6d', 'm', 'connect connack auth'],
  [0x17, 'requestProblemInformation', 'Request Problem Information', '17 00', 0, 'connect'],
  [0x18, 'willDelayInterval', 'Will Delay Interval', '18 0000ffff', 65535, 'will'],
  [0x19, 'requestResponseInformation', 'Request Response Information', '19 01', 1, 'connect'],
  [0x1a, 'responseInformation', 'Response Information', '1a 0001 72', 'r', 'connack'],
  [0x1c, 'serverReference', 'Server Reference', '1c 0001 73', 's', 'connack disconnect>'],
  [
    0x1f,
    'reasonString',
    'Reason String',
    '1f 0000',
    '',
    'connack puback pubrec pubrel pubcomp suback unsuback disconnect auth',
  ],
  [0x21, 'receiveMaximum', 'Receive Maximum', '21 ffff', 65535, 'connect connack'],
  [0x22, 'topicAliasMaximum', 'Topic Alias Maximum', '22 0000', 0, 'connect connack'],
  [0x23, 'topicAlias', 'Topic Alias', '23 0001', 1, 'publish'],
  [0x24, 'maximumQoS', 'Maximum QoS', '24 00', 0, 'connack'],
  [0x25, 'retainAvailable', 'Retain Available', '25 01', 1, 'connack'],
  [
    0x26,
    'userProperties',
    'User Property',
    '26 0001 6e 0001 76',
    [['n', 'v']],
    'connect connack publish will puback pubrec pubrel pubcomp subscribe suback unsubscribe unsuback disconnect auth',
  ],
  [0x27, 'maximumPacketSize', 'Maximum Packet Size', '27 ffffffff', 0xffff_ffff, 'connect connack'],
  [0x28, 'wildcardSubscriptionAvailable', 'Wildcard Subscription Available', '28 01', 1, 'connack'],
  [0x29, 'subscriptionIdentifiersAvailable', 'Subscription Identifiers Available', '29 00', 0, 'connack'],
  [0x2a, 'sharedSubscriptionAvailable', 'Shared Subscription Available', '2a 01', 1, 'connack'],
]

/** Authentication Data needs the method beside it, so it has its own place. */
export const authenticationDataHex = '15 0001 6d 16 0001 64'

type Carrier = readonly [carrier: string, sender: 'client' | 'server', before: string, after: string]

/** Every packet (and the will) that may have properties: what stands around the block, fixed header aside. */
export const propertyCarriers: readonly Carrier[] = [
  ['connect', 'client', '10 0004 4d515454 05 02 003c', '0001 61'],
  ['will', 'client', '10 0004 4d515454 05 06 003c 00 0001 61', '0001 77 0000'],
  ['connack', 'server', '20 00 00', ''],
  ['publish', 'client', '30 0001 61', ''],
  ['publish', 'server', '30 0001 61', ''],
  ['puback', 'client', '40 0001 00', ''],
  ['puback', 'server', '40 0001 00', ''],
  ['pubrec', 'client', '50 0001 00', ''],
  ['pubrec', 'server', '50 0001 00', ''],
  ['pubrel', 'client', '62 0001 00', ''],
  ['pubrel', 'server', '62 0001 00', ''],
  ['pubcomp', 'client', '70 0001 00', ''],
  ['pubcomp', 'server', '70 0001 00', ''],
  ['subscribe', 'client', '82 0001', '0001 61 00'],
  ['suback', 'server', '90 0001', '00'],
  ['unsubscribe', 'client', 'a2 0001', '0001 61'],
  ['unsuback', 'server', 'b0 0001', '00'],
  ['disconnect', 'client', 'e0 00', ''],
  ['disconnect', 'server', 'e0 8b', ''],
  ['auth', 'client', 'f0 18', ''],
  ['auth', 'server', 'f0 18', ''],
]
