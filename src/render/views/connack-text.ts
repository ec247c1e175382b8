import type { Opening } from '../../observation/opening.ts'
import { propertyByKey } from '../../protocol/properties.ts'
import { describeReason, reasonCode } from '../../protocol/reason-codes.ts'
import { redacted } from '../../protocol/redacted.ts'
import type { Properties } from '../../protocol/wire/packet.ts'
import { propertiesText } from '../properties-text.ts'
import { quoted } from '../quoted.ts'
import type { Theme } from '../theme.ts'

type Told = NonNullable<Opening['connack']>
type Row = readonly [name: string, value: string, meaning: string]

/** CONNACK with every property that it has and what each means for this client; then what holds because nothing was said. */
export function connackLines(opening: Opening, theme: Theme): readonly string[] {
  const { connack, protocolVersion: version } = opening
  if (connack === undefined) return []
  const reason = describeReason('connack', version, connack.reasonCode)
  const head = `CONNACK ${connack.reasonCode === 0 ? theme.accepted(reason) : theme.refused(reason)}`
  const rows = [...(connack.reasonCode === 0 ? sessionRows(opening, connack) : []), ...propertyRows(opening, connack)]
  return [head, ...refusalLines(opening, connack), ...rowLines(rows, theme), ...defaultsLines(opening, connack, theme)]
}

function refusalLines({ protocolVersion: version }: Opening, { reasonCode: code }: Told): readonly string[] {
  const reason = code === 0 ? undefined : reasonCode('connack', version, code)
  if (reason === undefined) return []
  return [`  ${reason.meaning}`, ...reason.causes.map((cause) => `  likely: ${cause}`)]
}

function rowLines(rows: readonly Row[], theme: Theme): readonly string[] {
  const nameColumns = Math.max(0, ...rows.map(([name]) => name.length))
  const valueColumns = Math.min(24, Math.max(0, ...rows.map(([, value]) => value.length)))
  return rows.map(([name, value, meaning]) =>
    `  ${name.padEnd(nameColumns)}  ${value.padEnd(valueColumns)}  ${theme.muted(meaning)}`.trimEnd(),
  )
}

/** What every CONNACK tells, whether in a property or by leaving it out. */
function sessionRows(
  { asked, protocolVersion: version }: Opening,
  { sessionPresent, properties }: Told,
): readonly Row[] {
  const { assignedClientIdentifier, serverKeepAlive } = properties
  const id = assignedClientIdentifier ?? asked?.clientId ?? ''
  const keepAlive = serverKeepAlive ?? asked?.keepAliveSeconds ?? 0
  return [
    ['Session Present', sessionPresent ? 'yes' : 'no', sessionMeaning(sessionPresent)],
    [
      assignedClientIdentifier === undefined ? 'Client Identifier' : 'Assigned Client Identifier',
      quoted(id),
      assignedClientIdentifier === undefined ? 'our own' : 'chosen by the broker; reconnects use it',
    ],
    [
      serverKeepAlive === undefined ? 'Keep Alive' : 'Server Keep Alive',
      keepAlive === 0 ? 'off' : `${keepAlive} s`,
      keepAliveMeaning(serverKeepAlive, asked?.keepAliveSeconds),
    ],
    ...(version < 5 ? [noProperties] : []),
  ]
}

const noProperties: Row = ['Limits', 'untold', 'below MQTT 5 a broker has no way to say them']

function sessionMeaning(isPresent: boolean): string {
  return isPresent
    ? 'the broker kept our session: subscriptions and unfinished messages go on'
    : 'a new session: subscriptions have to be made'
}

function keepAliveMeaning(server: number | undefined, asked: number | undefined): string {
  if (server === undefined) return 'as we asked: a ping after this silence'
  return server === asked
    ? 'the same as we asked'
    : `the broker's value holds, not the ${asked ?? 0} s that we asked for`
}

const ownRows = new Set<string>(['assignedClientIdentifier', 'serverKeepAlive', 'userProperties'])

function propertyRows({ connack, protocolVersion: version }: Opening, { properties }: Told): readonly Row[] {
  if (version < 5 || connack === undefined) return []
  const { userProperties = [] } = properties
  const single = Object.entries(properties).filter(([key]) => !ownRows.has(key) || connack.reasonCode !== 0)
  return [
    ...single
      .filter(([key]) => key !== 'userProperties')
      .map(
        ([key, value]): Row => [
          propertyByKey(key)?.name ?? key,
          valueText(key, value),
          meaningOf(key as keyof Properties, value),
        ],
      ),
    ...userProperties.map(([name, value]): Row => ['User Property', `${quoted(name)}: ${quoted(value)}`, '']),
  ]
}

function valueText(key: string, value: unknown): string {
  if (key === 'authenticationData') return redacted
  const [text = ''] = propertiesText({ [key]: value } as Properties)
  return text.slice(text.indexOf('=') + 1)
}

function meaningOf(key: keyof Properties, value: unknown): string {
  const meaning = meanings[key]
  return typeof meaning === 'function' ? meaning(value) : (meaning ?? '')
}

type Meaning = string | ((value: unknown) => string)

const meanings: Readonly<Partial<Record<keyof Properties, Meaning>>> = {
  sessionExpiryInterval: (value) => `seconds that the broker keeps the session after we leave${forEver(value)}`,
  receiveMaximum: (value) => `at most ${value} of our QoS 1 and 2 messages may wait for their acknowledgement at once`,
  maximumQoS: (value) => `we may not publish above QoS ${value}`,
  retainAvailable: (value) => (value === 0 ? 'we may not publish retained messages' : 'retained messages work'),
  maximumPacketSize: (value) => `no packet of ours may be larger than ${value} bytes`,
  topicAliasMaximum: (value) => (value === 0 ? 'we may not use topic aliases' : `topic aliases 1 to ${value} are ours`),
  reasonString: 'the broker’s own words',
  wildcardSubscriptionAvailable: (value) => (value === 0 ? 'no + or # in our filters' : 'wildcards work'),
  subscriptionIdentifiersAvailable: (value) => (value === 0 ? 'no subscription identifiers' : 'they work'),
  sharedSubscriptionAvailable: (value) => (value === 0 ? 'no $share/ filters' : '$share/ filters work'),
  responseInformation: 'a basis for response topics',
  serverReference: 'another broker to use; never followed unasked',
  authenticationMethod: 'the method of the exchange',
  authenticationData: 'part of the exchange',
}

function forEver(value: unknown): string {
  return value === 0xffffffff ? ': it never expires' : ''
}

const defaults: readonly (readonly [key: keyof Properties, text: string])[] = [
  ['receiveMaximum', 'Receive Maximum 65535'],
  ['maximumQoS', 'QoS up to 2'],
  ['retainAvailable', 'retained messages'],
  ['maximumPacketSize', 'no packet limit'],
  ['topicAliasMaximum', 'no topic aliases'],
  ['wildcardSubscriptionAvailable', 'wildcards'],
  ['subscriptionIdentifiersAvailable', 'subscription identifiers'],
  ['sharedSubscriptionAvailable', 'shared subscriptions'],
]

/** What the standard lets hold where CONNACK is silent. */
function defaultsLines(
  { protocolVersion: version }: Opening,
  { properties, reasonCode: code }: Told,
  theme: Theme,
): readonly string[] {
  if (version < 5 || code !== 0) return []
  const unsaid = defaults.filter(([key]) => properties[key] === undefined).map(([, text]) => text)
  return unsaid.length === 0 ? [] : [`  ${theme.muted(`Not said, so the standard's: ${unsaid.join(', ')}`)}`]
}
