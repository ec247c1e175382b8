import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const views = ['line', 'tree', 'hex', 'sequence', 'mermaid'] as const
const connack = '20 03 00 00 00'
/** Success, for whatever identifier SUBSCRIBE had. */
const suback = {
  send: (last: Buffer) => Buffer.concat([Buffer.from([0x90, 4]), last.subarray(2, 4), Buffer.from([0, 0])]),
}
const subscribed: readonly Step[] = [{ expect: 'connect' }, { send: connack }, { expect: 'subscribe' }, suback]

async function inspect(args: readonly string[]) {
  const cli = runCli(['inspect', ...args])
  return { exitCode: await cli.exitCode, stdout: (await cli.stdout()).toString(), stderr: await cli.stderr() }
}

async function inspectScript(script: readonly Step[], args: readonly string[]) {
  const broker = await startScriptedBroker([script])
  try {
    return await inspect(['-p', `${broker.port}`, '-V', '5', '-i', 'c1', ...args])
  } finally {
    broker.close()
  }
}

describe('one whole exchange', () => {
  const exchange = ['a/#', '--publish', 'a/b=open', '-q', '2', '-C', '1']

  test('shows the opening, CONNACK, each packet, and the summary, on the embedded broker', async () => {
    const { exitCode, stdout, stderr } = await inspect([...exchange, '--embedded'])

    assert.match(stdout, /^DNS .*\nTCP .*\nCONNACK .*\nSUBACK .*\n\nCONNACK 0x00 Success\n/)
    assert.match(stdout, /Receive Maximum .* may wait for their acknowledgement at once/)
    assert.match(stdout, /→ PUBLISH {5}"a\/b" qos=2/)
    assert.match(stdout, /out#1 "a\/b" complete in \d+ µs \(PUBREC \+\d+, PUBREL \+\d+, PUBCOMP \+\d+\)/)
    assert.match(stdout, /in#1 "a\/b" complete/)
    assert.match(stdout, /first message +\|/)
    assert.match(stdout, /Summary\n {2}packet +direction +count +bytes\n/)
    assert.match(stdout, /QoS 2 +→ to broker +1 +\d+ µs/)
    assert.equal(stderr, '')
    assert.equal(exitCode, 0)
  })

  test('works in every view on mosquitto, at 5 and at 3.1.1', { skip: mosquittoMissing() }, async (t) => {
    const broker = await startMosquitto()
    t.after(() => broker.stop())
    for (const version of ['5', '311']) {
      for (const view of views) {
        const { exitCode, stdout } = await inspect([...exchange, '-p', `${broker.port}`, '-V', version, '--view', view])

        assert.equal(exitCode, 0, `${view} ${version}`)
        assert.match(stdout, /PUBCOMP/, view)
        assert.match(stdout, /Summary/, view)
        assert.doesNotMatch(stdout, /Unfinished|Violations/, view)
      }
    }
  })

  test('is NDJSON by its schemas under --json', async () => {
    const { stdout, exitCode } = await inspect([...exchange, '--embedded', '--json', '-u', 'u', '-P', 'canary'])
    const ajv = new Ajv({ strict: true, allowUnionTypes: true })
    const [isPacket, isOther] = ['inspect-packet', 'inspect-run'].map((name) =>
      ajv.compile(JSON.parse(readFileSync(`docs/schemas/${name}.schema.json`, 'utf8'))),
    )
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))

    for (const record of records) {
      const isRecord = record.type === 'packet' ? isPacket : isOther
      assert.ok(isRecord?.(record), `${JSON.stringify(record)}: ${JSON.stringify(isRecord?.errors)}`)
    }
    assert.deepEqual([records[0].type, records.at(-1).type], ['opening', 'summary'])
    assert.equal(exitCode, 0)
  })

  test('publishes several messages to several topics, each when the one before has ended', async () => {
    const { stdout, exitCode } = await inspect([
      '--embedded',
      '-q',
      '1',
      '--publish',
      'a=1',
      '--publish',
      'b=x=y',
      '--json',
    ])
    const packets = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .flatMap(({ packet }) => packet ?? [])

    assert.deepEqual(
      packets.map(({ type, topic, payload }) => [type, topic, payload].filter(Boolean).join(' ')),
      ['connect', 'connack', 'publish a 1', 'puback', 'publish b x=y', 'puback', 'disconnect'],
    )
    assert.equal(exitCode, 0)
  })
})

test('--filter chooses what is shown, and the summary counts everything and says so', async () => {
  const exchange = ['--embedded', 'a/#', '--publish', 'a/b=open', '-q', '1', '-C', '1', '--filter', 'puback']

  const { stdout } = await inspect(exchange)
  const [summary] = (await inspect([...exchange, '--json'])).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .slice(-1)

  assert.match(stdout, /^ *of everything that passed; --filter showed 2 of 9 packets$/m)
  assert.match(stdout, /PUBLISH +→ to broker +1 /)
  assert.equal(summary.shownPackets, 2)
  assert.ok(summary.packets.some(({ type }: { type: string }) => type === 'publish'))
})

for (const [what, ending, isAccused] of [
  ['the broker ends', [{ close: 'fin' }], true],
  ['we end', [], false],
] as const) {
  test(`a packet in the middle of which ${what} the connection is shown, and counts as a violation: ${isAccused}`, async () => {
    const andHalf = { send: '30 05 0001 61 00 78  30 0a 0001 61' }
    const broker = await startScriptedBroker([[...subscribed, andHalf, ...ending]])
    const cli = runCli(['inspect', 'a', '-p', `${broker.port}`, '-V', '5', '-i', 'c1'])
    await cli.whenStdout(/first message/)
    if (ending.length === 0) cli.kill('SIGINT')
    const exitCode = await cli.exitCode
    const stdout = (await cli.stdout()).toString()
    broker.close()

    assert.equal(exitCode, ending.length === 0 ? 130 : 5)
    assert.match(stdout, /bad PUBLISH, 5 B/)
    assert.equal(/^ +Violations$/m.test(stdout), isAccused)
  })
}

test('without a filter the connection alone is shown', async () => {
  const { stdout, exitCode } = await inspect(['--embedded', '-k', '33'])

  assert.match(stdout, /Keep Alive +33 s/)
  assert.doesNotMatch(stdout, /SUBSCRIBE/)
  assert.equal(exitCode, 0)
})

test('a topic filter that is named like a subcommand follows -- or -t', async () => {
  for (const args of [
    ['--', 'decode'],
    ['-t', 'decode'],
  ]) {
    const cli = runCli(['inspect', ...args], { env: { MQTT_CLI_EMBEDDED: 'true', MQTT_CLI_TIMEOUT: '1' } })

    assert.match((await cli.stdout()).toString(), /SUBSCRIBE +mid=\d+ "decode"/)
    assert.equal(await cli.exitCode, 27)
  }
})

test('--filter shows less, and the summary counts everything', async () => {
  const { stdout } = await inspect([
    'a/#',
    '--embedded',
    '-q',
    '1',
    '--publish',
    'a/b=x',
    '-C',
    '1',
    '--filter',
    'puback',
    '--filter',
    'in',
  ])
  const lines = stdout.split('\n').filter((line) => /[→←] [A-Z]+ {2}/.test(line) && line.includes('µs'))

  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /← PUBACK/)
  assert.match(stdout, /CONNECT +→ to broker +1/)
})

describe('CONNACK', () => {
  test('is explained with every property and what it means for this client', async () => {
    const properties =
      '11 0000000a 21 0005 24 01 25 00 27 00000400 12 0003 616263 22 0003 1f 0002 6869 26 0001 6b 0001 76 28 00 29 00 2a 00 13 001e 1a 0001 72'
    const length = properties.replaceAll(' ', '').length / 2
    const hex = `20 ${(length + 3).toString(16)} 00 00 ${length.toString(16)} ${properties}`
    const { stdout } = await inspectScript([{ expect: 'connect' }, { send: hex }, { wait: 'client-close' }], [])

    for (const told of [
      /Session Present +no /,
      /Assigned Client Identifier +"abc" +chosen by the broker/,
      /Server Keep Alive +30 s +the broker's value holds, not the 60 s/,
      /Session Expiry Interval +10 /,
      /Receive Maximum +5 +at most 5 /,
      /Maximum QoS +1 +we may not publish above QoS 1/,
      /Retain Available +0 +we may not publish retained/,
      /Maximum Packet Size +1024 +no packet of ours may be larger/,
      /Topic Alias Maximum +3 +topic aliases 1 to 3/,
      /Wildcard Subscription Available +0 +no \+ or #/,
      /Shared Subscription Available +0 /,
      /Subscription Identifiers Available +0 /,
      /Reason String +"hi"/,
      /User Property +"k": "v"/,
      /Response Information +"r"/,
    ]) {
      assert.match(stdout, told)
    }
    assert.doesNotMatch(stdout, /Not said/)
  })

  test('that refuses is explained, with 4', async () => {
    const refused: readonly Step[] = [{ expect: 'connect' }, { send: '20 03 00 87 00' }, { wait: 'client-close' }]
    const { exitCode, stdout } = await inspectScript(refused, ['a'])

    assert.match(stdout, /CONNACK 0x87 Not authorized\n {2}\S.*\n {2}likely: /)
    assert.match(stdout, /← CONNACK/)
    assert.match(stdout, /Summary/)
    assert.equal(exitCode, 4)
  })
})

describe('a broker that refuses', () => {
  test('every subscription ends it with 4, the summary included', async () => {
    const script: readonly Step[] = [
      { expect: 'connect' },
      { send: connack },
      { expect: 'subscribe' },
      { send: (last) => Buffer.concat([Buffer.from([0x90, 4]), last.subarray(2, 4), Buffer.from([0, 0x87])]) },
      { wait: 'client-close' },
    ]
    const { exitCode, stdout } = await inspectScript(script, ['a'])

    assert.match(stdout, /"a" refused/)
    assert.match(stdout, /SUBACK 0x87 Not authorized: 1/)
    assert.equal(exitCode, 4)
  })

  test('a message ends it with 4', async () => {
    const script: readonly Step[] = [
      { expect: 'connect' },
      { send: connack },
      { expect: 'publish' },
      { send: '40 04 0001 97 00' },
      { wait: 'client-close' },
    ]
    const { exitCode, stdout, stderr } = await inspectScript(script, [
      '--publish',
      'a=b',
      '-q',
      '1',
      '--view',
      'sequence',
    ])

    assert.match(stdout, /out#1 "a" QoS 1, refused/)
    assert.match(stderr, /0x97 Quota exceeded/)
    assert.equal(exitCode, 4)
  })
})

describe('a peer that sends garbage', () => {
  test('is shown up to the bad packet and behind it, and ends with 6 [MQTT-4.13.2-1]', async () => {
    const script: readonly Step[] = [
      ...subscribed,
      { send: '30 04 0001 61 00 36 07 0002 6162 0001 00 d0 00' },
      { wait: 'client-close' },
    ]
    const { exitCode, stdout, stderr } = await inspectScript(script, ['a', '--view', 'tree'])

    assert.match(stdout, /← PUBLISH {5}"a"/)
    assert.match(stdout, /! byte 0 \(0x36\) breaks \[MQTT-3\.3\.1-4\].*the client must close .* after DISCONNECT 0x81/)
    assert.match(stdout, /← PINGRESP/)
    assert.match(stdout, /→ DISCONNECT +0x81 Malformed Packet/)
    assert.match(stdout, /Violations\n +\[MQTT-3\.3\.1-4\] by the server/)
    assert.match(stderr, /\[MQTT-3\.3\.1-4\]/)
    assert.equal(exitCode, 6)
  })

  test('in place of CONNACK is shown, and ends with 3 or 6', async () => {
    for (const [hex, expected] of [
      ['485454502f312e3120343030', 3],
      ['30 ff ff ff ff ff', 6],
      ['20 03 00 01 00', 6],
    ] as const) {
      const script: readonly Step[] = [{ expect: 'connect' }, { send: hex }, { wait: 'client-close' }]
      const { exitCode, stdout } = await inspectScript(script, ['a'])

      assert.match(stdout, /→ CONNECT[\s\S]*← bad/, hex)
      assert.match(stdout, /Summary/)
      assert.equal(exitCode, expected, hex)
    }
  })

  test('that ends inside a packet leaves what came of it, with 5', async () => {
    const script: readonly Step[] = [...subscribed, { send: '30 0a 0003 61' }, { close: 'fin' }]
    const { exitCode, stdout } = await inspectScript(script, ['a', '--view', 'hex'])

    assert.match(stdout, /← bad PUBLISH, 5 B/)
    assert.equal(exitCode, 5)
  })

  test('one byte at a time, and never a whole CONNACK, ends with 3 at the deadline', async () => {
    const script: readonly Step[] = [
      { expect: 'connect' },
      { send: '20' },
      { run: (connection) => void setTimeout(() => connection.send('03'), 300) },
      { wait: 'client-close' },
    ]
    const { exitCode, stdout } = await inspectScript(script, ['a', '--connect-timeout', '1'])

    assert.match(stdout, /← bad CONNACK, 2 B/)
    assert.equal(exitCode, 3)
  })

  test('hostile topics, payloads and reason strings never reach stdout as they are', async () => {
    const hostile = Buffer.from('\x1b[31m\x1b]0;t\x07\r\b\u009b\u202e')
    const field = Buffer.concat([Buffer.from([0, hostile.length]), hostile])
    const properties = Buffer.concat([Buffer.from([0x1f]), field])
    const bad = Buffer.concat([Buffer.from([0x20, properties.length + 3, 0, 0, properties.length]), properties])
    const body = Buffer.concat([Buffer.from('000161', 'hex'), Buffer.from([0]), hostile])
    const publish = Buffer.concat([Buffer.from([0x30, body.length]), body])
    for (const view of [...views, undefined]) {
      const script: readonly Step[] = [
        { expect: 'connect' },
        { send: bad },
        { expect: 'subscribe' },
        suback,
        { send: publish },
        { wait: 'client-close' },
      ]
      const { stdout, stderr } = await inspectScript(script, [
        'a',
        '-C',
        '1',
        ...(view === undefined ? ['--json'] : ['--view', view]),
      ])

      assert.match(stdout, /PUBLISH|publish/)
      assert.doesNotMatch(stdout + stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/, view)
    }
  })
})

describe('secrets', () => {
  test('are in no view of a live connection, nor in an error', async () => {
    const canary = 'c4n4ry-c4n4ry'
    const forms = [canary, Buffer.from(canary).toString('hex'), Buffer.from(canary).toString('base64').slice(0, 12)]
    for (const args of [...views.map((view) => ['--view', view]), ['--json'], ['--trace'], ['--trace=json']]) {
      const script: readonly Step[] = [{ expect: 'connect' }, { send: '20 03 00 86 00' }, { wait: 'client-close' }]
      const { stdout, stderr } = await inspectScript(script, ['a', '-u', 'u', '-P', canary, ...args])

      assert.match(stdout, /CONNECT|connect/)
      for (const form of forms) assert.ok(!(stdout + stderr).replaceAll(' ', '').includes(form), `${args} ${form}`)
    }
  })

  test('are shown when asked for', async () => {
    const script: readonly Step[] = [{ expect: 'connect' }, { send: '20 03 00 86 00' }, { wait: 'client-close' }]
    const { stdout } = await inspectScript(script, ['a', '-u', 'u', '-P', 'canary', '--view', 'tree', '--show-secrets'])

    assert.match(stdout, /password: 6 B "canary"/)
  })
})

describe('the end', () => {
  test('by SIGINT comes with DISCONNECT, the summary, and 130', async (t) => {
    const broker = await startScriptedBroker([
      [...subscribed, { send: '32 06 0001 61 0001 00' }, { expect: 'puback' }, { wait: 'client-close' }],
    ])
    t.after(broker.close)
    const cli = runCli(['inspect', 'a', '-q', '1', '-p', `${broker.port}`, '-V', '5', '-i', 'c'])
    await cli.whenStdout(/→ PUBACK/)
    cli.kill('SIGINT')

    assert.equal(await cli.exitCode, 130)
    assert.match((await cli.stdout()).toString(), /→ DISCONNECT[\s\S]*Summary[\s\S]*QoS 1 +← to client +1/)
    assert.equal(await cli.stderr(), '')
  })

  test('by SIGINT while a handshake of ours is open names it as unfinished, after at most 2 s', async (t) => {
    const broker = await startScriptedBroker([
      [{ expect: 'connect' }, { send: connack }, { expect: 'publish' }, { wait: 'client-close' }],
    ])
    t.after(broker.close)
    const cli = runCli([
      'inspect',
      '--publish',
      'a=b',
      '-q',
      '2',
      '-p',
      `${broker.port}`,
      '-V',
      '5',
      '-i',
      'c',
      '--view',
      'sequence',
    ])
    await (await broker.connection(0)).whenPacket('publish')
    cli.kill('SIGINT')

    assert.equal(await cli.exitCode, 130)
    assert.match(
      (await cli.stdout()).toString(),
      /out#1 "a" QoS 2, unfinished[\s\S]*Unfinished handshakes\n +out#1 "a" mid=1: no PUBREC/,
    )
  })

  test('by SIGINT before CONNACK shows what there was', async (t) => {
    const broker = await startScriptedBroker([[{ expect: 'connect' }, { wait: 'client-close' }]])
    t.after(broker.close)
    const cli = runCli(['inspect', 'a', '-p', `${broker.port}`])
    await (await broker.connection(0)).whenPacket('connect')
    cli.kill('SIGINT')

    assert.equal(await cli.exitCode, 130)
    assert.match((await cli.stdout()).toString(), /TCP[\s\S]*→ CONNECT[\s\S]*Summary/)
  })

  test('by SIGINT while SUBACK does not come is no wait for it', async (t) => {
    const broker = await startScriptedBroker([
      [{ expect: 'connect' }, { send: connack }, { expect: 'subscribe' }, { wait: 'client-close' }],
    ])
    t.after(broker.close)
    const cli = runCli(['inspect', 'a', '-p', `${broker.port}`, '-V', '5', '-i', 'c'])
    await (await broker.connection(0)).whenPacket('subscribe')
    cli.kill('SIGINT')

    assert.equal(await cli.exitCode, 130)
    assert.match((await cli.stdout()).toString(), /→ SUBSCRIBE[\s\S]*→ DISCONNECT[\s\S]*Summary/)
  })

  test('by -W comes with the summary and 27', async () => {
    const { exitCode, stdout } = await inspect(['a', '--embedded', '-W', '1'])

    assert.match(stdout, /Summary/)
    assert.equal(exitCode, 27)
  })

  test('of the connection comes with the summary and 5, and the broker’s reason with 4', async () => {
    const lost = await inspectScript([...subscribed, { close: 'fin' }], ['a'])
    const told = await inspectScript([...subscribed, { send: 'e0 02 8e 00' }, { close: 'fin' }], ['a'])

    assert.match(lost.stdout, /Summary/)
    assert.equal(lost.exitCode, 5)
    assert.match(told.stdout, /← DISCONNECT {2}0x8E Session taken over[\s\S]*Summary/)
    assert.equal(told.exitCode, 4)
  })

  test('of nobody listening is one error with 3, and no summary of nothing', async () => {
    const { exitCode, stdout, stderr } = await inspect(['a', '-p', '1'])

    assert.equal(stdout, '')
    assert.equal(stderr.match(/^error:/gm)?.length, 1)
    assert.equal(exitCode, 3)
  })

  test('of its reader is quiet', async () => {
    const cli = runCli(['inspect', '#', '--embedded', '--publish', 'a=b', '-W', '20'])
    await cli.whenStdout(/PUBLISH/)
    cli.child.stdout.destroy()
    cli.kill('SIGINT') // the summary finds nobody

    assert.ok([0, 130].includes(await cli.exitCode))
    assert.equal(await cli.stderr(), '')
  })
})

describe('usage', () => {
  const wrong: readonly (readonly string[])[] = [
    ['a/#/b'],
    ['--publish', 'a'],
    ['--publish', 'a/#=b'],
    ['a', '--retain'],
    ['a', '--view', 'x'],
    ['a', '--json', '--view', 'tree'],
    ['a', '--filter', 'mid=x'],
    ['a', '-C', '0'],
  ]
  for (const args of wrong) {
    test(`refuses ${args.join(' ')} before connecting`, async () => {
      assert.equal((await inspect([...args, '-p', '1'])).exitCode, 2)
    })
  }
})
