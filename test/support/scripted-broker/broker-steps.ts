import type { CliHandle } from '../program/run-cli.ts'
import { runCli } from '../program/run-cli.ts'
import type { Reach } from '../transports/reach.ts'
import type { Step } from './scripted-connection.ts'

/** What a broker says in nearly every script, as hex. Written by hand, apart from `src/protocol`. */

export type Version = 4 | 5

export const acceptingConnack: Readonly<Record<Version, string>> = { 4: '20 02 00 00', 5: '20 03 00 00 00' }
export const resumingConnack: Readonly<Record<Version, string>> = { 4: '20 02 01 00', 5: '20 03 01 00 00' }
export const pingresp = 'd0 00'

/** CONNACK of MQTT 5 with these properties. */
export function connackWith(properties: string, reasonCode = '00'): string {
  const bytes = properties.replaceAll(/\s/g, '').length / 2
  return `20 ${hexByte(3 + bytes)} 00 ${reasonCode} ${hexByte(bytes)} ${properties}`
}

export function accepts(version: Version, connack = acceptingConnack[version]): Step[] {
  return [{ expect: 'connect' }, { send: connack }]
}

/** Answers SUBSCRIBE with these codes, and whatever follows in the same write. */
export function grants(version: Version, codes: string, then = ''): Step[] {
  return [{ expect: 'subscribe' }, { send: (subscribe) => suback(version, identifierAt(subscribe, 2), codes) + then }]
}

/** Accepts, grants QoS 2, sends this in one write. */
export function serves(version: Version, then = ''): Step[] {
  return [...accepts(version), ...grants(version, '02', then)]
}

export function suback(version: Version, packetId: string, codes: string): string {
  const count = codes.replaceAll(/\s/g, '').length / 2
  return version === 5
    ? `90 ${hexByte(3 + count)} ${packetId} 00 ${codes}`
    : `90 ${hexByte(2 + count)} ${packetId} ${codes}`
}

/** Two bytes of a packet as hex. */
export function identifierAt(packet: Buffer, offset: number): string {
  return packet.toString('hex', offset, offset + 2)
}

/** The packet identifier of a PUBLISH below 130 bytes. */
export function publishIdentifier(publish: Buffer): string {
  return identifierAt(publish, 4 + publish.readUInt16BE(2))
}

/** PUBACK, PUBREC, PUBREL or PUBCOMP for the PUBLISH that was expected last. */
export function acknowledges(firstByte: '40' | '50' | '62' | '70', rest = ''): Step {
  const length = 2 + rest.replaceAll(/\s/g, '').length / 2
  return { send: (last) => `${firstByte} ${hexByte(length)} ${identifierOf(last)} ${rest}` }
}

function identifierOf(packet: Buffer): string {
  return packet[0]! >> 4 === 3 ? publishIdentifier(packet) : identifierAt(packet, 2)
}

export function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0')
}

/** A command against this broker. What goes wrong comes as one line of JSON. */
export function runAgainst(
  broker: Pick<Reach, 'flags'> | number,
  [command = '', ...args]: readonly string[],
  options = {},
): CliHandle {
  const flags = typeof broker === 'number' ? ['-h', '127.0.0.1', '-p', String(broker)] : broker.flags
  return runCli([command, ...flags, '--json', ...args], options)
}

/** The JSON lines of stderr that are of our own making. */
export interface StderrLine {
  readonly type: 'error' | 'note'
  readonly message: string
  readonly kind?: string
  readonly exitCode?: number
  readonly statement?: string
  readonly offset?: number
  readonly reasonCode?: number
  readonly reasonName?: string
  readonly layer?: string
  readonly tries?: readonly string[]
  readonly facts?: Readonly<Record<string, unknown>>
}

export interface Ended {
  readonly exitCode: number
  readonly stdout: string
  readonly error: StderrLine
  readonly notes: readonly StderrLine[]
}

const noError: StderrLine = { type: 'error', message: '' }

/** How it ended, with the error that it told, if it told one. */
export async function endOf(run: CliHandle): Promise<Ended> {
  const exitCode = await run.exitCode
  const text = await run.stderr()
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StderrLine)
  return {
    exitCode,
    stdout: (await run.stdout()).toString(),
    error: lines.find(({ type }) => type === 'error') ?? noError,
    notes: lines.filter(({ type }) => type === 'note'),
  }
}

/** Topics and payloads of the records on stdout. */
export function messagesIn({ stdout }: Ended): readonly string[] {
  const records = stdout.split('\n').filter((line) => line !== '')
  return records.map((line) => {
    const { topic, payload } = JSON.parse(line) as { topic: string; payload: string }
    return `${topic} ${payload}`
  })
}
