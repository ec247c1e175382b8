import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Abort } from '../../../src/connection/abort.ts'
import { monotonicMs } from '../../../src/connection/clock.ts'
import type { Established } from '../../../src/connection/establish.ts'
import type { Link } from '../../../src/connection/link/link.ts'
import type { LinkEnd } from '../../../src/connection/link/link-end.ts'
import { Reconnector, type ReconnectParts } from '../../../src/connection/reconnect/reconnector.ts'
import type { ReconnectSettings } from '../../../src/connection/settings.ts'
import { MqttCliError } from '../../../src/errors.ts'

const cut: LinkEnd = { error: new MqttCliError('lost', 'cut'), isWordless: true }
const nobody = () => Promise.reject(new MqttCliError('unreachable', 'nobody there'))
const tenSeconds = { mode: 'for', seconds: 10 } as const

function session(livedMs = 60_000, end?: LinkEnd): Established {
  const link = { standsSinceMs: monotonicMs() - livedMs, end } as Link
  return { link } as Established
}

/** A reconnector that waits for nothing, and what it told. */
function reconnector(settings: ReconnectSettings, changes: Partial<ReconnectParts> = {}) {
  const told: string[] = []
  let finish = () => {}
  const over = new Promise<void>((resolve) => {
    finish = resolve
  })
  const say = (what: string) => {
    told.push(what)
    if (!what.startsWith('waiting')) finish()
  }
  const it = new Reconnector({
    settings,
    signal: new Abort(),
    random: () => 0,
    open: async () => session(),
    enter: () => say('entered'),
    waiting: ({ message }) => say(`waiting: ${message}`),
    gone: ({ kind, message }) => say(`gone: ${kind}: ${message}`),
    aborted: ({ message }) => say(`aborted: ${message}`),
    ...changes,
  })
  return { it, told, over }
}

describe('a session whose network connection is lost', () => {
  test('is followed by another', async () => {
    const { it, told, over } = reconnector(tenSeconds)

    it.ended(session().link, cut, 'me')
    await over

    assert.deepEqual(told, ['waiting: cut', 'entered'])
  })

  for (const settings of [{ mode: 'never' }, { mode: 'first', seconds: 10 }] as const) {
    test(`is followed by none where the settings say ${settings.mode}`, async () => {
      const { it, told, over } = reconnector(settings)

      it.ended(session().link, cut, 'me')
      await over

      assert.deepEqual(told, ['gone: lost: cut'])
    })
  }

  test('is followed by none after an end that is final', async () => {
    const { it, told, over } = reconnector(tenSeconds)

    it.ended(session().link, { error: new MqttCliError('protocol', 'malformed') }, 'me')
    await over

    assert.deepEqual(told, ['gone: protocol: malformed'])
  })

  test('is gone when the time is up: so little is left that no attempt is worth it', async () => {
    const { it, told, over } = reconnector({ mode: 'for', seconds: 0.5 }, { random: () => 1, open: nobody })

    it.ended(session().link, cut, 'me')
    await over

    assert.deepEqual(told, ['gone: lost: The connection was lost and not recovered: cut'])
  })

  test('is gone when an attempt ends in what is final', async () => {
    const refused = () => Promise.reject(new MqttCliError('refused', 'banned'))
    const { it, told, over } = reconnector(tenSeconds, { open: refused })

    it.ended(session().link, cut, 'me')
    await over

    assert.deepEqual(told, ['waiting: cut', 'gone: refused: banned'])
  })

  test('is gone with what its owner threw, unless the next connection has ended meanwhile', async () => {
    for (const [end, expected] of [[undefined, ['gone: refused: not taken']] as const, [cut, []] as const]) {
      const told = await new Promise<readonly string[]>((resolve) => {
        const enter = () => {
          setImmediate(() => resolve(made.told))
          throw new MqttCliError('refused', 'not taken')
        }
        const made = reconnector(tenSeconds, { open: async () => session(0, end), enter })
        made.it.ended(session().link, cut, 'me')
      })

      assert.deepEqual(told, ['waiting: cut', ...expected])
    }
  })

  test('fault 19: is gone the eighth time that it did not live, and lives on after one that did', async () => {
    const lives = async (livedMs: readonly number[]) => {
      let told: readonly string[] = []
      const { it, ...made } = reconnector({ mode: 'forever' })
      for (const each of livedMs) {
        it.ended(session(each).link, cut, 'me')
        await new Promise((resolve) => setTimeout(resolve, 5)) // past the timer of no delay
        told = made.told
      }
      return told.at(-1)
    }

    assert.match((await lives(Array(8).fill(100))) ?? '', /^gone: lost: The broker ended 8 connections in a row/)
    assert.equal(await lives([...Array(7).fill(100), 200_000, 100]), 'entered')
  })

  test('gives each attempt no more than what is left of the time', async () => {
    let leftMs = 0
    const { it, over } = reconnector(tenSeconds, {
      open: async (left) => {
        leftMs = left
        return session()
      },
    })

    it.ended(session().link, cut, 'me')
    await over

    assert.ok(leftMs > 0 && leftMs <= 10_000, `${leftMs}`)
  })

  test('is left alone once its owner has stopped', async () => {
    const { it, told } = reconnector(tenSeconds)
    it.stop()

    it.ended(session().link, cut, 'me')

    assert.deepEqual(told, [])
  })

  test('is told of an abort while it waited, with what it was lost with', async () => {
    const signal = new Abort()
    const { it, told, over } = reconnector(tenSeconds, { signal, random: () => 1 })

    it.ended(session().link, cut, 'me')
    signal.abort(new MqttCliError('interrupted', 'stop'))
    await over

    assert.deepEqual(told, ['waiting: cut', 'aborted: cut'])
  })
})

describe('the first connect', () => {
  test('is tried again, and bounded, where the user asked for that', async () => {
    let attempts = 0
    const open = (leftMs: number) => (leftMs <= 10_000 && ++attempts === 3 ? Promise.resolve(session()) : nobody())
    const { it, told } = reconnector({ mode: 'for', seconds: 10, firstToo: true }, { open })

    await it.first()

    assert.deepEqual(told, ['waiting: nobody there', 'waiting: nobody there', 'entered'])
  })

  test('is tried once otherwise', async () => {
    const { it, told } = reconnector(tenSeconds, { open: nobody })

    await assert.rejects(it.first(), { kind: 'unreachable', message: 'nobody there' })
    assert.deepEqual(told, [])
  })
})
