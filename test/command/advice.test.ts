import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { describe, test } from 'node:test'
import type { Advice, AdviceFacts, PlainAdvice } from '../../src/advice.ts'
import { benchFlags } from '../../src/cli/flags/bench.ts'
import { maxFlags } from '../../src/cli/flags/bench-max.ts'
import { brokerFlags } from '../../src/cli/flags/broker.ts'
import { compareFlags } from '../../src/cli/flags/compare.ts'
import { demoFlags } from '../../src/cli/flags/demo.ts'
import { decodeFlags, encodeFlags, inspectFlags } from '../../src/cli/flags/inspect.ts'
import { pingFlags } from '../../src/cli/flags/ping.ts'
import { proxyFlags } from '../../src/cli/flags/proxy.ts'
import { pubFlags } from '../../src/cli/flags/publish.ts'
import { subFlags } from '../../src/cli/flags/subscribe.ts'
import { type DeclaredFlags, offeredFlags, wordsOf } from '../../src/command/advice.ts'
import { runCli } from '../support/program/run-cli.ts'

const commands: Readonly<Record<string, DeclaredFlags>> = {
  bench: benchFlags,
  'bench max': maxFlags,
  'bench compare': compareFlags,
  broker: brokerFlags,
  demo: demoFlags,
  'inspect decode': decodeFlags,
  'inspect encode': encodeFlags,
  inspect: inspectFlags,
  'inspect proxy': proxyFlags,
  ping: pingFlags,
  pub: pubFlags,
  sub: subFlags,
}

const because = 'it is so'

const knowing: AdviceFacts = {
  trace: { toSee: 'the packets' },
  'longer-connect-timeout': { ifSlow: 'network' },
  'shorter-keep-alive': { keepAliveSeconds: 60 },
  'version-at-once': { because, version: '3.1.1' },
  'list-web-origin': { because },
  'time-is-up': { seconds: 3, until: 'nobody came' },
  'interchanged-files': { certFile: 'a.pem', keyFile: 'b.pem' },
  'weaker-ciphers-for-broker': { ciphers: 'ALL' },
  'weaker-ciphers-for-files': { ciphers: 'ALL' },
  'old-tls-version': { version: '1.1', ciphers: 'ALL' },
  'say-version': { because },
  'say-sender': { because },
  'impossible-name': { of: 'will-topic', index: 3, problem: 'it has a #' },
  'same-client-id': { index: 3 },
  'smaller-window': { because },
  'no-place-for-figures': { place: '127.0.0.1:1', code: 'EACCES' },
  'lower-rate-or-free-core': { because },
  'free-core-or-lower-rate': { because },
  'lower-rate-or-workers': { because, workers: 2 },
  'paced-or-workers': { because, workers: 2 },
  'more-generators': { because, workers: 2 },
  'version-5-matches': { because },
  'something-due': { because },
  'shorter-warmup': { because },
  'matching-topics': { because },
  'longer-drain-for-all': { because },
  'less-load': { because },
  'rate-below-that': { because },
  'lower-start': { because },
  'one-clock': { because },
}

const plain: Readonly<Record<PlainAdvice, true>> = {
  'compare-across': true,
  'lenient-flags': true,
  'longer-wait': true,
  'lower-qos': true,
  'fewer-filters': true,
  'fewer-filters-each': true,
  'tls-for-tls-port': true,
  'older-version': true,
  'other-id': true,
  'other-port': true,
  'other-web-socket-port': true,
  'web-socket-headers': true,
  'no-server-name': true,
  'other-server-name': true,
  'name-server': true,
  'tls-version-asks': true,
  'tls-version-is-off': true,
  'no-tls-version': true,
  'no-tls-limits': true,
  'alpn-asks': true,
  'other-alpn': true,
  'name-authority': true,
  'trust-this-certificate': true,
  'authority-elsewhere': true,
  unverified: true,
  'client-certificate': true,
  'give-passphrase': true,
  'check-passphrase': true,
  'which-file-is-which': true,
  'trace-meanwhile': true,
  'input-as-one': true,
  'input-by-line': true,
  'empty-message': true,
  'server-certificate': true,
  'bytes-of-fields': true,
  'other-version-or-sender': true,
  'other-sender': true,
  'decoded-shape': true,
  'kept-secrets': true,
  'check-target': true,
  'embedded-broker': true,
  'longer-drain': true,
  'longer-answer': true,
  'other-ping-topic': true,
  'ping-without-rights': true,
  'longer-rendezvous': true,
  'other-rendezvous': true,
  'lower-connect-rate': true,
  'other-place-for-figures': true,
  'more-addresses': true,
  'more-ports': true,
  'smaller-messages': true,
  'shorter-client-id': true,
  'version-of-long-ids': true,
  'numbered-client-id': true,
  'harmless-names': true,
  'other-filter': true,
}

/** `inspect encode` speaks of how its input was made. */
const ofDecode = new Set<string>(['decoded-shape', 'kept-secrets'])

const all: readonly Advice[] = [
  ...Object.entries(knowing).map(([key, facts]) => ({ try: key, ...facts }) as Advice),
  ...Object.keys(plain).map((key) => ({ try: key }) as Advice),
]

/** The flags in a sentence, with one dash or two. */
function flagsIn(words: string): readonly string[] {
  return words.match(/(?<![-\w%])--?[a-zA-Z][\w-]*/g) ?? []
}

describe('advice', () => {
  for (const [command, declared] of Object.entries(commands)) {
    test(`names no flag that ${command} does not have`, () => {
      const offered = offeredFlags(declared)
      const strange = all.flatMap((advice) => {
        if (typeof advice === 'object' && ofDecode.has(advice.try)) return []
        return flagsIn(wordsOf(advice, offered) ?? '').filter((flag) => !offered.has(flag))
      })

      assert.deepEqual(strange, [])
    })
  }

  test('finds words in some command, whatever it is', () => {
    const offers = Object.values(commands).map(offeredFlags)
    const isWorded = (advice: Advice) =>
      offers.some((offered) => ![undefined, because].includes(wordsOf(advice, offered)))

    assert.deepEqual(
      all.filter((advice) => !isWorded(advice)),
      [],
    )
  })

  test('keeps what is so where there is nothing to try', () => {
    assert.equal(wordsOf({ try: 'list-web-origin', because }, new Set()), because)
    assert.equal(wordsOf({ try: 'other-port' }, new Set()), undefined)
  })
})

const taken: ReadonlyArray<readonly [words: (port: string) => readonly string[], flag: string]> = [
  [(port) => ['broker', '-p', port], '--port'],
  [(port) => ['broker', '-p', '0', '--ws-port', port], '--ws-port'],
  [(port) => ['demo', '-p', port], '--port'],
  [(port) => ['inspect', 'proxy', '--listen', port, '--to', 'mqtt://127.0.0.1:1'], '--listen'],
  [(port) => ['inspect', 'proxy', '--listen', `ws://${port}`, '--to', 'mqtt://127.0.0.1:1'], '--listen'],
]

for (const [words, flag] of taken) {
  test(`a port that is taken: ${words('PORT').join(' ')} names ${flag}`, async () => {
    const holder = createServer()
    const port = await new Promise<string>((resolve) => {
      holder.listen(0, '127.0.0.1', () => resolve(String((holder.address() as { port: number }).port)))
    })

    const run = runCli([...words(port), '--json'])
    const exitCode = await run.exitCode
    const { tries } = JSON.parse((await run.stderr()).trim().split('\n').at(-1) ?? '')
    holder.close()

    assert.equal(exitCode, 7)
    assert.equal(tries[0], `choose another port with ${flag}; 0 takes a free one`)
  })
}
