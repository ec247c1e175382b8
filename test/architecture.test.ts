import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { banBreaches } from './support/architecture/bans.ts'
import { crowdedFolders } from './support/architecture/crowded-folders.ts'
import { importCycles } from './support/architecture/cycles.ts'
import { tableBreaches } from './support/architecture/import-table.ts'
import { upwardImports } from './support/architecture/layers.ts'
import { readSources } from './support/architecture/source-file.ts'
import { unmirroredTests } from './support/architecture/unmirrored-tests.ts'

const root = join(import.meta.dirname, '..')
const sources = readSources(root, ['commands', 'src'])
const tests = readSources(root, ['test'])

describe('the tree', () => {
  test('has been read', () => {
    assert.ok(sources.length > 50, `${sources.length} files`)
  })

  test('imports only as the table allows', () => {
    assert.deepEqual(tableBreaches(sources), [])
  })

  test('has no import cycles', () => {
    assert.deepEqual(importCycles(sources), [])
  })

  test('imports downwards only, where a room has layers', () => {
    assert.deepEqual(upwardImports(sources), [])
  })

  test('has folders that can be read at a glance', () => {
    assert.deepEqual(crowdedFolders([...sources, ...tests]), [])
  })

  test('has its tests where what they test is', () => {
    assert.deepEqual(unmirroredTests(tests, sources), [])
  })

  test('keeps the bans: process, console, clocks in protocol, default exports, barrels, flags below the command, files without a name', () => {
    assert.deepEqual(banBreaches(sources), [])
  })
})

/** Runs a check over files that really lie in a folder, as the tree's do. */
function planted<Result>(files: Readonly<Record<string, string>>, check: (of: typeof sources) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'mqtt-cli-planted-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return check(readSources(folder, ['commands', 'src']))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('a planted import between the layers of a room', () => {
  const lines: ReadonlyArray<readonly [path: string, line: string, breaches: number]> = [
    ['src/features/bench/naming/a.ts', "import { a } from '../clients/load-client.ts'", 1],
    ['src/features/bench/events.ts', "import type { A } from './report/verdict.ts'", 1],
    ['src/features/bench/report/a.ts', "import { runBench } from '../run-bench.ts'", 1],
    ['src/features/bench/utilities/a.ts', 'export const a = 1', 1],
    ['src/features/bench/run-bench.ts', "import { verdictOf } from './report/verdict.ts'", 0],
    ['src/features/bench/report/a.ts', "import type { Load } from '../settings.ts'", 0],
    ['src/features/bench/clients/a.ts', "import { a } from './load-client.ts'", 0],
    ['src/features/bench/workers/a.ts', "import { pause } from '../../../connection/waiting.ts'", 0],
  ]
  for (const [path, line, breaches] of lines) {
    test(`is ${breaches === 0 ? 'allowed' : 'found'}: ${path}: ${line}`, () => {
      assert.equal(planted({ [path]: line }, upwardImports).length, breaches)
    })
  }
})

describe('a planted import is found', () => {
  const forbidden: ReadonlyArray<readonly [path: string, line: string]> = [
    ['src/protocol/a.ts', "import { connect } from 'node:net'"],
    ['src/protocol/a.ts', "import type { Settings } from '../connection/settings.ts'"],
    ['src/protocol/a.ts', "import { MqttCliError } from '../errors.ts'"],
    ['src/payload/a.ts', "import { connect } from 'node:net'"],
    ['src/payload/a.ts', "import type { Settings } from '../connection/settings.ts'"],
    ['src/observation/a.ts', "import type { Timings } from '../connection/transport/transport.ts'"],
    ['src/observation/a.ts', "import type { Finding } from '../features/inspect/finding.ts'"],
    ['src/capture/a.ts', "import type { Finding } from '../observation/finding.ts'"],
    ['src/protocol/a.ts', "import { generate } from 'mqtt-packet'"],
    ['src/connection/a.ts', "import type { Row } from '../render/table.ts'"],
    ['src/connection/a.ts', "export { publish } from '../features/publish/publish.ts'"],
    ['src/connection/a.ts', "import { WebSocket } from 'ws'"],
    ['src/features/publish/a.ts', "import { subscribe } from '../subscribe/subscribe.ts'"],
    ['src/features/publish/a.ts', "const { table } = await import('../../render/table.ts')"],
    ['src/features/publish/a.ts', "import { connect } from 'mqtt'"],
    ['src/render/a.ts', "import { openConnection } from '../connection/connection.ts'"],
    ['src/render/a.ts', "import '../command/terminal.ts'"],
    ['src/render/a.ts', "import { Exchanges } from '../observation/exchange.ts'"],
    ['src/render/a.ts', "import { readFileSync } from 'node:fs'"],
    ['src/cli/a.ts', "import { publish } from '../features/publish/publish.ts'"],
    ['src/cli/a.ts', "import type { Publisher } from '../features/publish/publish.ts'"],
    ['src/cli/a.ts', "import type { BrokerEvent } from '../features/embedded-broker/events.ts'"],
    ['src/cli/a.ts', "import { quoted } from '../render/quoted.ts'"],
    ['src/cli/a.ts', "import { Terminal } from '../command/terminal.ts'"],
    ['src/command/a.ts', "import { publish } from '../features/publish/publish.ts'"],
    ['src/command/a.ts', "import chalk from 'chalk'"],
    ['src/cli/a.ts', "import { openConnection } from '../connection/connection.ts'"],
    ['src/cli/a.ts', "import chalk from 'chalk'"],
    ['src/errors.ts', "import { exitCodes } from './command/exit-codes.ts'"],
    ['src/advice.ts', "import type { MqttCliError } from './errors.ts'"],
    ['commands/pub.ts', "import Sub from './sub.ts'"],
    ['commands/pub.ts', "import { subscribe } from '../src/features/subscribe/subscribe.ts'"],
    ['commands/inspect/decode.ts', "import {\n  publish,\n  other,\n} from '../../src/features/publish/publish.ts'"],
    ['commands/pub.ts', "const chalk = require('chalk')"],
    ['src/connection/a.ts', "import lodash from 'lodash'"],
  ]
  for (const [path, line] of forbidden) {
    test(`${path}: ${line.replaceAll('\n', ' ')}`, () => {
      assert.equal(planted({ [path]: line }, tableBreaches).length, 1)
    })
  }

  test('mqtt in a second file of the connection layer', () => {
    const files = { 'src/connection/a.ts': "import { MqttClient } from 'mqtt'", 'src/connection/b.ts': "import 'mqtt'" }

    const breaches = planted(files, tableBreaches)

    assert.equal(breaches.length, 1)
    assert.match(breaches[0] ?? '', /src\/connection\/a\.ts, src\/connection\/b\.ts/)
  })

  test('a file too many in one folder', () => {
    const names = Array.from({ length: 26 }, (_, index) => `src/connection/link/file-${index}.ts`)

    const crowded = planted(Object.fromEntries(names.map((name) => [name, ''])), crowdedFolders)

    assert.deepEqual(crowded, ['src/connection/link holds 26 files; 25 can be scanned'])
  })

  test('a test that lies where nothing of its name is', () => {
    const path = (name: string) => ({ path: name })

    const loose = unmirroredTests(
      [
        path('test/render/quoted.test.ts'),
        path('test/render/gone.test.ts'),
        path('test/features/publish/lines.test.ts'),
      ],
      [path('src/render/quoted.ts'), path('src/features/publish/line-pump.ts')],
    )

    assert.deepEqual(
      loose.filter((line) => !line.endsWith('needs no excuse')),
      ['test/render/gone.test.ts: nothing of that name in its room'],
    )
  })

  test('a circle through three files, and the one that only types make', () => {
    const files = {
      'src/protocol/a.ts': "import { b } from './b.ts'",
      'src/protocol/b.ts': "import { c } from './deep/c.ts'",
      'src/protocol/deep/c.ts': "import { a } from '../a.ts'\nimport type { D } from '../d.ts'",
      'src/protocol/d.ts': "import { c } from './deep/c.ts'",
    }

    assert.deepEqual(planted(files, importCycles), [
      'src/protocol/a.ts → src/protocol/b.ts → src/protocol/deep/c.ts → src/protocol/a.ts',
      'src/protocol/deep/c.ts → src/protocol/d.ts → src/protocol/deep/c.ts',
    ])
  })
})

describe('what the table allows is let through', () => {
  const allowed: ReadonlyArray<readonly [path: string, line: string]> = [
    ['src/protocol/wire/a.ts', "import { reasonCode } from '../reason-codes.ts'"],
    ['src/connection/a.ts', "import { connect } from 'node:net'"],
    ['src/connection/transport/a.ts', "import { WebSocket } from 'ws'"],
    ['src/features/publish/a.ts', "import { openConnection } from '../../connection/connection.ts'"],
    ['src/render/a.ts', "import type { Fact } from '../protocol/session/facts.ts'"],
    ['src/render/a.ts', "import { topicMatches } from '../protocol/topic-filter.ts'"],
    ['src/render/a.ts', "import { encodedPayload } from '../payload/encoded-payload.ts'"],
    ['src/observation/a.ts', "import { observe } from '../protocol/session/conversation.ts'"],
    ['src/features/proxy/a.ts', "import { Exchanges } from '../../observation/exchange.ts'"],
    ['src/command/a.ts', "const { watchWire } = await import('../features/inspect/watch.ts')"],
    ['src/command/a.ts', "import type { BrokerEvent } from '../features/embedded-broker/events.ts'"],
    ['src/cli/settings/a.ts', "import type { PublishSettings } from '../../features/publish/settings.ts'"],
    ['src/cli/settings/a.ts', "import { highestPerSecond } from '../../features/bench/settings.ts'"],
    ['commands/inspect/proxy.ts', "import { runProxy } from '../../src/features/proxy/run-proxy.ts'"],
    ['src/cli/values/a.ts', "import { topicNameProblem } from '../../protocol/topic-name.ts'"],
    ['src/cli/a.ts', "const inquirer = await import('inquirer')"],
    ['commands/pub.ts', "import { publish } from '../src/features/publish/publish.ts'"],
    ['commands/pub.ts', "import { startBroker } from '../src/features/embedded-broker/start-broker.ts'"],
    ['commands/demo.ts', "import { subscribe } from '../src/features/subscribe/subscribe.ts'"],
    ['commands/pub.ts', "import { Args } from '@oclif/core'"],
    ['src/features/publish/a.ts', "/* import { x } from '../subscribe/x.ts' */\n// import '../../cli/a.ts'"],
  ]
  for (const [path, line] of allowed) {
    test(`${path}: ${line.replaceAll('\n', ' ')}`, () => {
      assert.deepEqual(planted({ [path]: line }, tableBreaches), [])
    })
  }
})

describe('a planted breach of a ban is found', () => {
  const banned: ReadonlyArray<readonly [path: string, text: string]> = [
    ['commands/pub.ts', 'process.exit(1)'],
    ['src/connection/a.ts', 'process . exit()'],
    ['src/features/publish/a.ts', 'const home = process.env.HOME'],
    ['src/render/a.ts', 'const wide = process.stdout.columns'],
    ['src/connection/a.ts', 'console.log(1)'],
    ['src/render/a.ts', `const line = \`now \${process.pid}\``],
    ['src/protocol/a.ts', 'const now = Date.now()'],
    ['src/protocol/a.ts', 'setTimeout(wake, 10)'],
    ['src/features/bench/a.ts', 'const at = performance.now()'],
    ['src/command/a.ts', 'const at = Date.now()'],
    ['commands/a.ts', 'const [seconds] = process.hrtime()'],
    ['src/connection/a.ts', 'export default class Connection {}'],
    ['src/connection/utils.ts', 'export const a = 1'],
    ['src/features/publish/string-helpers.ts', 'export const a = 1'],
    ['src/connection/connection-manager.ts', 'export const a = 1'],
    ['src/protocol/index.ts', 'export const a = 1'],
    ['src/connection/a.ts', "const tries = ['a longer --connect-timeout']"],
    ['src/features/publish/a.ts', 'const spared = `it is older; -V 3.1.1 spares the wait`'],
    ['src/protocol/all.ts', "export { a } from './a.ts'\nexport * from './b.ts'\n"],
  ]
  for (const [path, text] of banned) {
    test(`${path}: ${text.replaceAll('\n', ' ')}`, () => {
      assert.equal(planted({ [path]: text }, banBreaches).length, 1)
    })
  }

  const harmless: ReadonlyArray<readonly [path: string, text: string]> = [
    ['src/command/shutdown.ts', 'process.exit(130)'],
    ['commands/pub.ts', 'export default class Pub {}'],
    ['commands/pub.ts', 'process.exitCode = 3'],
    ['src/render/a.ts', "// process.exit is banned\nconst text = 'process.exit and console.log'"],
    ['src/render/a.ts', 'const text = `the process. console.log`'],
    ['src/protocol/a.ts', "export type { B } from './b.ts'\nexport const a = 1"],
    [
      'src/connection/a.ts',
      "/** As `--tls-version` says. */\nconst begin = '-----BEGIN'; const use = 'openssl x509 -in FILE'; let n = 3; --n",
    ],
    ['src/command/a.ts', "const tries = ['another --port']"],
  ]
  for (const [path, text] of harmless) {
    test(`and this is not one: ${path}: ${text.replaceAll('\n', ' ')}`, () => {
      assert.deepEqual(planted({ [path]: text }, banBreaches), [])
    })
  }
})
