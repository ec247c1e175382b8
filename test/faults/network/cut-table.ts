import type { CutPoint } from '../../support/network/cutting-proxy.ts'

/** Where the first connection is cut, for `one` and `two` published one after the other, and what must follow. */
export interface CutRow {
  readonly qos: 1 | 2
  readonly step: string
  readonly cut: CutPoint
  /** What the second connection must carry, packet by packet, by what became of the session. */
  readonly again: { readonly kept: string; readonly lost: string }
  /** How often a broker that passes a message on as soon as it has it passes one on twice. */
  readonly twice: { readonly kept: number; readonly lost: number }
  /** The line that is unconfirmed when nobody reconnects. */
  readonly unconfirmedLine: number
}

const fromStart1 = { kept: 'PUBLISH one DUP, PUBLISH two', lost: 'PUBLISH one, PUBLISH two' }
const fromStart2 = {
  kept: 'PUBLISH one DUP, PUBREL, PUBLISH two, PUBREL', // [MQTT-3.3.1-1] [MQTT-4.4.0-1]
  lost: 'PUBLISH one, PUBREL, PUBLISH two, PUBREL',
}
const never = { kept: 0, lost: 0 }

export const cutRows: readonly CutRow[] = [
  {
    qos: 1,
    step: 'inside PUBLISH',
    cut: { from: 'client', where: 'inside', packet: 'publish' },
    again: fromStart1,
    twice: never,
    unconfirmedLine: 1,
  },
  {
    qos: 1,
    step: 'after PUBLISH, before the broker saw it',
    cut: { from: 'client', where: 'before', packet: 'publish' },
    again: fromStart1,
    twice: never,
    unconfirmedLine: 1,
  },
  {
    qos: 1,
    step: 'after the broker took it, PUBACK withheld',
    cut: { from: 'server', where: 'before', packet: 'puback' },
    again: fromStart1,
    twice: { kept: 1, lost: 1 },
    unconfirmedLine: 1,
  },
  {
    qos: 1,
    step: 'inside PUBACK',
    cut: { from: 'server', where: 'inside', packet: 'puback' },
    again: fromStart1,
    twice: { kept: 1, lost: 1 },
    unconfirmedLine: 1,
  },
  {
    qos: 1,
    step: 'after PUBACK, the next PUBLISH half sent',
    cut: { from: 'client', where: 'inside', packet: 'publish', nth: 2 },
    again: { kept: 'PUBLISH two DUP', lost: 'PUBLISH two' },
    twice: never,
    unconfirmedLine: 2,
  },
  {
    qos: 2,
    step: 'inside PUBLISH',
    cut: { from: 'client', where: 'inside', packet: 'publish' },
    again: fromStart2,
    twice: never,
    unconfirmedLine: 1,
  },
  {
    qos: 2,
    step: 'after PUBLISH, before the broker saw it',
    cut: { from: 'client', where: 'before', packet: 'publish' },
    again: fromStart2,
    twice: never,
    unconfirmedLine: 1,
  },
  {
    qos: 2,
    step: 'after the broker took it, PUBREC withheld',
    cut: { from: 'server', where: 'before', packet: 'pubrec' },
    again: fromStart2,
    twice: { kept: 0, lost: 1 },
    unconfirmedLine: 1,
  },
  {
    qos: 2,
    step: 'inside PUBREC',
    cut: { from: 'server', where: 'inside', packet: 'pubrec' },
    again: fromStart2,
    twice: { kept: 0, lost: 1 },
    unconfirmedLine: 1,
  },
  {
    qos: 2,
    step: 'after PUBREL, PUBCOMP withheld',
    cut: { from: 'server', where: 'before', packet: 'pubcomp' },
    // With the session kept never PUBLISH again [MQTT-4.3.3-6]; without it nobody can complete that handshake.
    again: { kept: 'PUBREL, PUBLISH two, PUBREL', lost: fromStart2.lost },
    twice: { kept: 0, lost: 1 },
    unconfirmedLine: 1,
  },
]

/** One run: where it is cut, at which version, and what becomes of the session. */
export interface CutRun {
  readonly name: string
  readonly row: CutRow
  readonly version: 4 | 5
  readonly session: 'kept' | 'lost'
}

/** 10 rows, two versions, session kept or lost: 40. */
export const cutRuns: readonly CutRun[] = cutRows.flatMap((row) =>
  ([4, 5] as const).flatMap((version) =>
    (['kept', 'lost'] as const).map((session) => ({
      name: `QoS ${row.qos}, MQTT ${version === 4 ? '3.1.1' : '5'}, session ${session}, cut ${row.step}`,
      row,
      version,
      session,
    })),
  ),
)
