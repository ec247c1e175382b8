import { prefixed } from '../../../support/packets/byte-writer.ts'
import { type Fault, fault, type Rules, ruleFor } from './fault.ts'
import {
  type Carrier,
  connectModel,
  type Model,
  modelsOf,
  type Part,
  property,
  publishModel,
  replacePart,
  string,
  subscribeModel,
  unsubscribeModel,
  type Version,
  versions,
  withProperties,
} from './well-formed.ts'

const wellFormed: Rules = { v5: '[MQTT-1.5.4-1]', below: '[MQTT-3.1.1:1.5.3-1]' }
const noNull: Rules = { v5: '[MQTT-1.5.4-2]', below: '[MQTT-3.1.1:1.5.3-2]' }

/** Bytes that are not UTF-8, one way each; between an a and a b, so that only they are wrong. */
const badTexts: readonly (readonly [what: string, bytes: Buffer, rules: Rules])[] = [
  ['NUL', Buffer.of(0x61, 0x00, 0x62), noNull],
  ['a continuation byte alone', Buffer.of(0x61, 0x80, 0x62), wellFormed],
  ['a slash in two bytes', Buffer.of(0x61, 0xc0, 0xaf, 0x62), wellFormed],
  ['a slash in three bytes', Buffer.of(0x61, 0xe0, 0x80, 0xaf, 0x62), wellFormed],
  ['half a surrogate pair', Buffer.of(0x61, 0xed, 0xa0, 0x80, 0x62), wellFormed],
  ['a code point above the last', Buffer.of(0x61, 0xf4, 0x90, 0x80, 0x80, 0x62), wellFormed],
  ['a sequence cut off', Buffer.of(0x61, 0xe2, 0x82, 0x62), wellFormed],
  ['a byte that UTF-8 never has', Buffer.of(0x61, 0xff, 0x62), wellFormed],
]

const noWildcard: Rules = { v5: '[MQTT-3.3.2-2]', below: '[MQTT-3.1.1:3.3.2-2]' }
const noWillWildcard: Rules = { v5: '[MQTT-4.7.0-1]', below: '[MQTT-3.1.1:4.7.1-1]' }
const notEmpty: Rules = { v5: '[MQTT-4.7.3-1]', below: '[MQTT-3.1.1:4.7.3-1]' }
const wholeHash: Rules = { v5: '[MQTT-4.7.1-1]', below: '[MQTT-3.1.1:4.7.1-2]' }
const wholePlus: Rules = { v5: '[MQTT-4.7.1-2]', below: '[MQTT-3.1.1:4.7.1-3]' }

const badTopics = ['#', '+', 'a/#', 'a/+/b', 'a#', '+a']
const badFilters: readonly (readonly [filter: string, rules: Rules])[] = [
  ['', notEmpty],
  ['a#', wholeHash],
  ['a/#b', wholeHash],
  ['#/a', wholeHash],
  ['a/##', wholeHash],
  ['a+', wholePlus],
  ['+a/b', wholePlus],
  ['a/b+c', wholePlus],
]
const badShares: readonly (readonly [filter: string, rule: string])[] = [
  ['$share//a', '[MQTT-4.8.2-1]'],
  ['$share/g+/a', '[MQTT-4.8.2-2]'],
  ['$share/g', '[MQTT-4.8.2-2]'],
  ['$share/g/', '[MQTT-4.8.2-2]'],
]

/** Strings: their bytes, and what topics and filters may hold. */
export function textFaults(): readonly Fault[] {
  return [
    ...versions.flatMap((version) => [
      ...modelsOf(version).flatMap(badBytesInFields),
      ...topicFaults(version),
      ...filterFaults(version),
    ]),
    ...modelsOf(5).flatMap(badBytesInProperties),
    ...badTopics.map((topic) => badResponseTopic(topic)),
  ]
}

function badBytesInFields(model: Model): Fault[] {
  const strings = model.parts.filter(({ kind, name }) => kind === 'string' && name !== 'protocol name')
  return strings.flatMap(({ name }) =>
    badTexts.map(([what, bytes, rules]) =>
      fault(
        `with ${what} in the ${name}`,
        model,
        replacePart(model, name, string(name, bytes)),
        ruleFor(rules, model.version),
      ),
    ),
  )
}

/** Name and value of a user property, wherever one may stand; the other strings where they belong. */
function badBytesInProperties(model: Model): Fault[] {
  return model.parts.filter(isBlock).flatMap(({ name: carrier }) => {
    const places = [
      { what: 'user property name', id: 0x26, write: (text: Buffer) => Buffer.concat([prefixed(text), prefixed('v')]) },
      {
        what: 'user property value',
        id: 0x26,
        write: (text: Buffer) => Buffer.concat([prefixed('n'), prefixed(text)]),
      },
      ...(['publish', 'will'].includes(carrier)
        ? [
            { what: 'content type', id: 0x03, write: prefixed },
            { what: 'response topic', id: 0x08, write: prefixed },
          ]
        : []),
      ...(isReasonCarrier(carrier) ? [{ what: 'reason string', id: 0x1f, write: prefixed }] : []),
    ]
    return places.flatMap(({ what, id, write }) =>
      badTexts.map(([how, bytes, rules]) =>
        fault(
          `with ${how} in the ${what} of ${carrier}`,
          withProperties(model, carrier, property(id)),
          withProperties(model, carrier, property(id, write(bytes))),
          rules.v5,
        ),
      ),
    )
  })
}

function isBlock(part: Part): part is Extract<Part, { kind: 'properties' }> {
  return part.kind === 'properties'
}

function isReasonCarrier(carrier: Carrier): boolean {
  return ['puback', 'pubrec', 'pubrel', 'pubcomp', 'disconnect'].includes(carrier)
}

function topicFaults(version: Version): Fault[] {
  const publish = publishModel(version, 0)
  const connect = connectModel(version)
  const inTopic = (topic: string, rules: Rules) =>
    fault(
      `to '${topic}'`,
      publish,
      replacePart(publish, 'topic name', string('topic name', topic)),
      ruleFor(rules, version),
    )
  const inWill = (topic: string, rules: Rules) =>
    fault(
      `with a will to '${topic}'`,
      connect,
      replacePart(connect, 'will topic', string('will topic', topic)),
      ruleFor(rules, version),
    )
  return [
    ...badTopics.map((topic) => inTopic(topic, noWildcard)),
    ...badTopics.map((topic) => inWill(topic, noWillWildcard)),
    inTopic('', notEmpty),
    inWill('', notEmpty),
  ]
}

function filterFaults(version: Version): Fault[] {
  const shares = badShares.map(([filter, v5]) => [filter, { v5, below: '' }] as const)
  const filters = version === 5 ? [...badFilters, ...shares] : badFilters
  return [subscribeModel(version), unsubscribeModel(version)].flatMap((model) =>
    ['topic filter', 'second topic filter'].flatMap((name) =>
      filters.map(([filter, rules]) =>
        fault(
          `with the ${name} '${filter}'`,
          model,
          replacePart(model, name, string(name, filter)),
          ruleFor(rules, version),
        ),
      ),
    ),
  )
}

function badResponseTopic(topic: string): Fault {
  const model = publishModel(5, 1)
  return fault(
    `with the response topic '${topic}'`,
    withProperties(model, 'publish', property(0x08)),
    withProperties(model, 'publish', property(0x08, prefixed(topic))),
    '[MQTT-3.3.2-14]',
  )
}
