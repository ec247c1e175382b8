import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { faketimeLibrary } from '../../support/program/faketime-library.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const folder = temporaryFolder()
const library = faketimeLibrary()
const skip = library === undefined ? 'not installed: faketime (Debian: faketime)' : undefined

const subscription: Step[] = [
  { expect: 'connect' },
  { send: '20020000' },
  { expect: 'subscribe' },
  { send: (last) => Buffer.from([0x90, 3, last[2] ?? 0, last[3] ?? 0, 0]) },
  { answer: (packet) => (packet.type === 'pingreq' ? 'd000' : undefined) },
]

describe('a clock that jumps', { skip, concurrency: 4 }, () => {
  for (const jump of ['+1d', '-1d']) {
    test(`fault 37: ${jump}: sub goes on pinging, keeps its connection, and its trace counts on`, async (t) => {
      const clock = jumpingClock(jump)
      const { sub, connection, broker } = await subscribed(t, clock, ['-k', '1', '--trace=json', '-F', '%U'])
      await connection.whenPacket('pingreq')

      clock.jump()
      await connection.whenPacket('pingreq', 4)
      connection.send('3004000161 6d')
      const [wallClockSeconds] = await sub.whenStdout(/\d+\.\d+/)
      sub.kill('SIGINT')

      assert.equal(await sub.exitCode, 130)
      assert.ok(Math.abs(Number(wallClockSeconds) - Date.now() / 1000) > 86_000, 'the clock has not jumped')
      assert.equal(broker.connections.length, 1)
      const lines = (await sub.stderr()).trim().split('\n')
      const times = lines.map((line) => Number(JSON.parse(line).atMicroseconds))
      assert.ok(times.length > 8, 'the trace tells no times')
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      ) // a jump back would show
      assert.ok((times.at(-1) ?? 0) < 60_000_000) // and so would one ahead
    })

    test(`fault 37: ${jump}: -W 3 is three seconds`, async (t) => {
      const clock = jumpingClock(jump)
      const began = performance.now()
      const { sub, connection } = await subscribed(t, clock, ['-k', '1', '-W', '3'])
      await connection.whenPacket('pingreq')

      clock.jump()

      assert.equal(await sub.exitCode, 27)
      const tookMs = performance.now() - began
      assert.ok(tookMs >= 3000 && tookMs < 6000, `it took ${Math.round(tookMs)} ms`)
    })
  }

  test('fault 37: +1d while connecting: the connect deadline is what was asked for', async (t) => {
    const broker = await startScriptedBroker([[{ expect: 'connect' }, { wait: 'client-close' }]])
    t.after(broker.close)
    const clock = jumpingClock('+1d')
    const began = performance.now()
    const args = ['pub', ...broker.flags, '-t', 'a', '-m', 'b', '-V', '5', '--connect-timeout', '2']
    const pub = runCli(args, { env: clock.environment })
    await (await broker.connection(0)).whenPacket('connect')

    clock.jump()

    assert.equal(await pub.exitCode, 3)
    assert.ok(performance.now() - began >= 2000)
  })
})

async function subscribed(t: TestContext, clock: JumpingClock, more: readonly string[]) {
  const broker = await startScriptedBroker([subscription])
  t.after(broker.close)
  const args = ['sub', '-V', '4', ...broker.flags, '-t', 'a', ...more]
  const sub = runCli(args, { env: clock.environment })
  const connection = await broker.connection(0)
  return { sub, connection, broker }
}

interface JumpingClock {
  readonly environment: Readonly<Record<string, string>>
  jump(): void
}

/** The real-time clock of a program, by libfaketime, which reads this file at each look; the monotonic clock is real. */
function jumpingClock(by: string): JumpingClock {
  const file = join(folder, `clock-${Math.random()}`)
  writeFileSync(file, '+0d')
  return {
    environment: {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    jump: () => writeFileSync(file, by),
  }
}
