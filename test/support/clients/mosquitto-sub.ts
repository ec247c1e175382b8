import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import { startMessageSource } from '../messages/message-source.ts'
import { type PublishFields, publishBytes } from '../packets/publish-bytes.ts'

const run = promisify(execFile)
/** Without --nodelay each handshake would wait 40 ms for a delayed acknowledgement of TCP. */
const subscription = ['--nodelay', '-t', '#', '-q', '2']
const versionNames = { 3: '31', 4: '311', 5: '5' } as const

/** A clock held still, given as faketime writes it: `2026-01-02 03:04:05.5`, in the time zone `tz`. */
export interface FrozenClock {
  readonly at: string
  readonly tz: string
}

/**
 * What mosquitto_sub writes to stdout for these messages, one run for each list of arguments. The messages come from a
 * scripted broker, so that each of their bytes is known.
 */
export async function mosquittoSubOutputs(
  messages: readonly PublishFields[],
  argumentLists: readonly (readonly string[])[],
  { version, clock }: { version: ProtocolVersion; clock?: FrozenClock },
): Promise<Buffer[]> {
  const source = await startMessageSource(
    messages.map((message) => publishBytes(message, version)),
    version,
  )
  try {
    const outputs: Buffer[] = []
    for (const list of argumentLists) {
      const target = ['-p', String(source.port), '-V', versionNames[version], ...subscription]
      outputs.push(await outputOf([...target, '-C', String(messages.length), ...list], clock))
    }
    return outputs
  } finally {
    await source.close()
  }
}

async function outputOf(args: readonly string[], clock: FrozenClock | undefined): Promise<Buffer> {
  const limits = { encoding: 'buffer', timeout: 20_000 } as const
  if (clock === undefined) return (await run('mosquitto_sub', args, limits)).stdout
  // A frozen monotonic clock would stop mosquitto_sub's own timers.
  const env = { ...process.env, TZ: clock.tz, FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' }
  return (await run('faketime', ['-f', clock.at, 'mosquitto_sub', ...args], { ...limits, env })).stdout
}
