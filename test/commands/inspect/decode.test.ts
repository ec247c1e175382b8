import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fromHex } from '../../support/packets/hex.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const publish = '30 09 00 03 61 2f 62 00 6f 70 65'
const bytes = fromHex(publish)

async function decode(args: readonly string[], stdin: string | Buffer = '') {
  const cli = runCli(['inspect', 'decode', ...args], { stdin })
  return { exitCode: await cli.exitCode, stdout: (await cli.stdout()).toString(), stderr: await cli.stderr() }
}

describe('inspect decode', () => {
  const forms: readonly (readonly [name: string, args: readonly string[], stdin?: string | Buffer])[] = [
    ['hex in one word', [publish]],
    ['hex without blanks', [publish.replaceAll(' ', '')]],
    ['hex in several words', publish.split(' ')],
    [
      'hex with 0x and commas',
      [
        publish
          .split(' ')
          .map((byte) => `0x${byte}`)
          .join(', '),
      ],
    ],
    ['hex with one 0x', [`0x${publish.replaceAll(' ', '').toUpperCase()}`]],
    ['hex with colons', [publish.replaceAll(' ', ':')]],
    ['base64', [bytes.toString('base64')]],
    ['hex on standard input', [], `${publish}\n`],
    ['hex on standard input by -', ['-'], publish],
    ['base64 on standard input', [], `${bytes.toString('base64')}\n`],
    ['bytes on standard input', [], bytes],
  ]
  for (const [name, args, stdin] of forms) {
    test(`reads ${name}`, async () => {
      const { exitCode, stdout, stderr } = await decode(args, stdin)

      assert.equal(stdout, '     @0 → PUBLISH     "a/b" qos=0 3 B "ope"\n', stderr)
      assert.equal(exitCode, 0)
    })
  }

  test('reads a binary file, and a file of hex', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'packets.bin'), Buffer.concat([bytes, fromHex('c000')]))
    writeFileSync(join(folder, 'packets.txt'), `${publish}\nc0 00\n`)
    for (const file of ['packets.bin', 'packets.txt']) {
      const { exitCode, stdout } = await decode(['-f', join(folder, file)])

      assert.match(stdout, /PUBLISH.*\n.*PINGREQ\n$/)
      assert.equal(exitCode, 0)
    }
  })

  test('says what the bytes do not tell, and how to say it', async () => {
    const { stderr } = await decode(['40020001'])

    assert.match(stderr, /note: .*version: read as 5; -V/)
    assert.match(stderr, /note: .*PUBACK: taken as from the client; --sender/)
  })

  test('says nothing of it when it was told', async () => {
    const { stderr } = await decode(['40020001', '-V', '311', '--sender', 'server'])

    assert.equal(stderr, '')
  })

  test('names a malformed packet, goes on with the next frame, and ends with 6', async () => {
    const { exitCode, stdout, stderr } = await decode(['36 07 0002 6162 0001 00', 'c0 00', '-V', '5'])

    assert.match(stdout, /breaks \[MQTT-3\.3\.1-4\].*DISCONNECT 0x81/)
    assert.match(stdout, /PINGREQ\n$/)
    assert.match(stderr, /1 of 2 packets/)
    assert.equal(exitCode, 6)
  })

  test('shows what a bad packet says all the same: will, topic, user name, flags', async () => {
    const hex = '10 1c 0004 4d515454 05 86 003c 00 0002 6331 02 0190 0001 74 0001 70 0002 7573'
    const line = await decode([hex])
    const json = await decode([hex, '--json'])

    assert.match(line.stdout, /read as CONNECT MQTT 5 client-id="c1" .*username="us"/)
    assert.match(line.stdout, /will.*"t"/)
    assert.match(line.stdout, /Payload Format Indicator may not be 144/)
    const { packet, readable } = JSON.parse(json.stdout)
    assert.deepEqual([packet, readable.clientId, readable.username, readable.will.topic], [undefined, 'c1', 'us', 't'])
    assert.deepEqual([line.exitCode, json.exitCode], [6, 6])
  })

  test('ends with 6 for a packet after DISCONNECT, and names the rule', async () => {
    const { exitCode, stdout, stderr } = await decode(['e000 c000', '-V', '5', '--json'])

    assert.equal(exitCode, 6)
    assert.equal(JSON.parse(stderr).statement, '[MQTT-3.14.4-1]')
    assert.match(stdout, /"type":"pingreq"/)
  })

  for (const [what, hex, name] of [
    ['TLS', '15 03 01 00 02 02 28', /TLS alert/],
    ['HTTP', '48 54 54 50 2f 31 2e 31 20 34 30 30', /HTTP response/],
    ['HTTP as text', 'HTTP/1.1 400 Bad Request', /HTTP response/],
  ] as const) {
    test(`names ${what} as live commands do, and ends with 6`, async () => {
      const { exitCode, stdout, stderr } = await decode([hex])

      assert.deepEqual([exitCode, stdout], [6, ''])
      assert.match(stderr, name)
    })
  }

  test('reports a malformed packet as one JSON line under --json', async () => {
    const { exitCode, stdout, stderr } = await decode([
      '36070002616200 0100',
      '--json',
      '-V',
      '5',
      '--sender',
      'client',
    ])
    const error = JSON.parse(stderr)

    assert.deepEqual(
      [error.kind, error.statement, error.offset, error.reasonCode],
      ['protocol', '[MQTT-3.3.1-4]', 0, 0x81],
    )
    assert.equal(JSON.parse(stdout).violations[0].rule, '[MQTT-3.3.1-4]')
    assert.equal(exitCode, 6)
  })

  const wrong: readonly (readonly [name: string, args: readonly string[]])[] = [
    ['a letter that is no digit', ['30 0g 00']],
    ['half a byte', ['30 0']],
    ['nothing', ['']],
    ['an unknown view', ['c000', '--view', 'picture']],
    ['an unknown filter', ['c000', '--filter', 'pingpong']],
    ['an ambiguous version', ['c000', '-V', '3']],
    ['an unknown sender', ['c000', '--sender', 'me']],
    ['words and a file', ['c000', '-f', '/dev/null']],
  ]
  for (const [name, args] of wrong) {
    test(`refuses ${name} with 2 and one error`, async () => {
      const { exitCode, stdout, stderr } = await decode(args)

      assert.equal(exitCode, 2, stderr)
      assert.equal(stdout, '')
      assert.equal(stderr.match(/^error:/gm)?.length, 1)
    })
  }

  test('takes words before a file that only the environment names', async () => {
    const cli = runCli(['inspect', 'decode', 'c000'], { env: { MQTT_CLI_FILE: '/nowhere' } })

    assert.equal(await cli.exitCode, 0)
  })

  test('ends with 7 for a file that is not there', async () => {
    assert.equal((await decode(['-f', '/nowhere/packets'])).exitCode, 7)
  })

  test('ends quietly when its reader goes away', async () => {
    const many = Buffer.concat(Array.from({ length: 200_000 }, () => fromHex('c000')))
    const cli = runCli(['inspect', 'decode', '--view', 'tree'], { stdin: many })
    await cli.whenStdout(/PINGREQ/)
    cli.child.stdout.destroy()

    assert.equal(await cli.exitCode, 0)
    assert.equal(await cli.stderr(), '')
  })

  test('is stopped by SIGINT while it waits for input', async () => {
    const cli = runCli(['inspect', 'decode'], { stdin: 'open' })
    cli.child.stdin.write('c000 '.repeat(200_000)) // more than a pipe holds: it drains when the program reads
    await once(cli.child.stdin, 'drain')
    cli.kill('SIGINT')

    assert.equal(await cli.exitCode, 130)
  })
})

describe('inspect encode', () => {
  test('gives back what decode took, through pipes, as hex and as bytes', async () => {
    const packets = '10 1a 0004 4d515454 05 c2 003c 00 0002 6331 0001 75 0006 63616e617279 20 03 00 00 00 c0 00'
    const decoded = await decode([packets, '--json', '--show-secrets'])
    const asHex = runCli(['inspect', 'encode'], { stdin: decoded.stdout })
    const asBytes = runCli(['inspect', 'encode', '--binary'], { stdin: decoded.stdout })

    assert.equal((await asHex.stdout()).toString().replaceAll('\n', ''), packets.replaceAll(' ', ''))
    assert.deepEqual(await asBytes.stdout(), fromHex(packets))
  })

  test('builds a packet from a word', async () => {
    const cli = runCli(['inspect', 'encode', '{"type":"publish","topic":"a/b","payload":"ope"}'])

    assert.equal((await cli.stdout()).toString(), `${publish.replaceAll(' ', '')}\n`)
    assert.equal(await cli.exitCode, 0)
  })

  test('refuses a redacted password and says what to do', async () => {
    const decoded = await decode(['10 1a 0004 4d515454 05 c2 003c 00 0002 6331 0001 75 0006 63616e617279', '--json'])
    const cli = runCli(['inspect', 'encode'], { stdin: decoded.stdout })

    assert.equal(await cli.exitCode, 2)
    assert.match(await cli.stderr(), /packet\.packet\.password.*\*\*\*[\s\S]*--show-secrets/)
    assert.doesNotMatch(decoded.stdout + decoded.stderr, /canary|63616e61/)
  })

  test('refuses bad JSON with 2 and one error that names the field', async () => {
    const cli = runCli(['inspect', 'encode', '{"type":"publish","topic":"a","qos":3}', '--json'])
    const error = JSON.parse(await cli.stderr())

    assert.equal(await cli.exitCode, 2)
    assert.equal(error.facts.field, 'packet.qos')
  })
})
