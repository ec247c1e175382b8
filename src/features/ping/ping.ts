// Ping: asks a broker whether it lives, over a connection of its own, and says how long it took. It prints nothing. Begin here.

import type { Advice } from '../../advice.ts'
import { monotonicMicroseconds } from '../../connection/clock.ts'
import { Connection } from '../../connection/connection.ts'
import type { MakeDriver } from '../../connection/link/link.ts'
import type { ConnectionSettings } from '../../connection/settings.ts'
import type { Transport } from '../../connection/transport/transport.ts'
import { pause, stopAfter } from '../../connection/waiting.ts'
import { MqttCliError } from '../../errors.ts'
import { isFailure } from '../../protocol/reason-code.ts'
import { describeReason } from '../../protocol/reason-codes.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import { Nonces } from './nonces.ts'
import type { PingSettings } from './settings.ts'

/** One answer, and what it took. */
export interface PingAnswer {
  /** From 1. */
  readonly number: number
  readonly version: ProtocolVersion
  /** From the first step, DNS, to CONNACK. */
  readonly connectMicroseconds: number
  /** From PINGREQ to PINGRESP, or from the PUBLISH that went to the one that came back. */
  readonly elapsedMicroseconds: number
}

export interface PingContext {
  readonly connection: ConnectionSettings
  readonly ping: PingSettings
  readonly makeDriver: MakeDriver
  /** The user's wish to stop; its reason is what the run ends with. */
  readonly signal: AbortSignal
  readonly tap?: (transport: Transport) => Transport
  readonly notice?: (message: Advice) => void
  readonly answered: (answer: PingAnswer) => void
}

/** Connects and asks, as often as was wanted. Throws one of our errors when an answer does not come. */
export async function ping(context: PingContext): Promise<void> {
  const { ping: settings, notice } = context
  const stop = stopAfter(settings.giveUpAfterMs, context.signal, [{ try: 'trace-meanwhile' }])
  const nonces = settings.isRoundTrip ? new Nonces(settings.topic) : undefined
  const connection = new Connection({
    settings: context.connection,
    makeDriver: context.makeDriver,
    signal: stop.signal,
    tap: context.tap,
    events: { notice },
    ...(nonces && { sink: nonces.sink, publisher: nonces.publisher }),
  })
  const began = monotonicMicroseconds()
  await connection.open()
  const connectMicroseconds = Math.round(monotonicMicroseconds() - began)
  try {
    if (nonces !== undefined)
      await within(settings, connection, stop.signal, 'SUBACK', subscribed(connection, settings))
    await ask(context, connection, nonces, stop.signal, connectMicroseconds)
  } finally {
    if (connection.isConnected) await connection.close()
  }
}

async function ask(
  { ping: settings, answered }: PingContext,
  connection: Connection,
  nonces: Nonces | undefined,
  signal: AbortSignal,
  connectMicroseconds: number,
): Promise<void> {
  for (let number = 1; number <= settings.count; number++) {
    if (number > 1) await pause(settings.intervalMs, signal)
    signal.throwIfAborted()
    const sentAt = monotonicMicroseconds()
    const awaited = nonces === undefined ? connection.ping() : nonces.send()
    await within(settings, connection, signal, nonces === undefined ? 'PINGRESP' : 'the message', awaited)
    const elapsedMicroseconds = Math.round(monotonicMicroseconds() - sentAt)
    answered({ number, version: connection.version, connectMicroseconds, elapsedMicroseconds })
  }
}

async function subscribed(connection: Connection, { topic }: PingSettings): Promise<void> {
  const request = { filter: topic, qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
  const { reasonCodes } = await connection.subscribe([request], {})
  const [code = 0] = reasonCodes
  if (!isFailure(code)) return
  const reason = describeReason('suback', connection.version, code)
  throw new MqttCliError('refused', `The broker refused the subscription to ${topic}: ${reason}`, {
    layer: 'SUBACK',
    reasonCode: code,
    tries: [{ try: 'other-ping-topic' }, { try: 'ping-without-rights' }],
  })
}

/** The answer, or why there is none: the connection ended, the user stopped, or it took too long. */
async function within(
  { answerDeadlineMs }: PingSettings,
  connection: Connection,
  signal: AbortSignal,
  what: string,
  awaited: Promise<void>,
): Promise<void> {
  const late = new AbortController()
  const deadline = pause(answerDeadlineMs, late.signal).then(() => {
    if (!late.signal.aborted) throw silence(what, answerDeadlineMs)
  })
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  stopped.catch(() => {})
  const over = connection.finished.then(() => new Promise<never>(() => {}))
  try {
    await Promise.race([awaited, deadline, stopped, over])
  } finally {
    late.abort()
  }
}

function silence(what: string, deadlineMs: number): MqttCliError {
  return new MqttCliError(
    'lost',
    `The broker took the connection, and ${what} did not come within ${deadlineMs / 1000} s`,
    {
      tries: ['look whether the broker is overloaded', { try: 'longer-answer' }],
    },
  )
}
