import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import { describe, test } from 'node:test'
import { run } from '../cli/fixture/run.ts'

/** Sends each signal when the command has said that it is ready, a second one when it has seen the first. */
function signalWhenReady(...signals: NodeJS.Signals[]) {
  return (child: ChildProcess, stdout: string) => {
    if (stdout.includes('ready')) for (const signal of signals.splice(0)) child.kill(signal)
  }
}

describe('a command', { concurrency: 2 }, () => {
  test('gets settings from argv, values that look like flags included', async () => {
    const { code, stdout } = await run(['a', 'settings', '-h', '-weird', '-u', 'me', '-u', 'you', '-p', '1884'])

    const settings = JSON.parse(stdout)
    assert.equal(code, 0)
    assert.deepEqual(settings.host, { transport: 'tcp', host: '-weird', port: 1884 })
    assert.equal(settings.username, 'you')
  })

  test('gets settings from the environment, after argv', async () => {
    const environment = { MQTT_CLI_HOST: 'from-env', MQTT_CLI_PORT: '1884', MQTT_CLI_USERNAME: 'env' }

    const { stdout } = await run(['a', 'settings', '-p', '1885', '-u', 'flag'], { environment })

    const settings = JSON.parse(stdout)
    assert.deepEqual(settings.host, { transport: 'tcp', host: 'from-env', port: 1885 })
    assert.equal(settings.username, 'flag')
  })

  test('leaves MQTT_CLI_URL behind for a typed host, its login too', async () => {
    const environment = { MQTT_CLI_URL: 'mqtts://me:secret@from-env' }

    const { stdout } = await run(['a', 'settings', '-h', 'typed'], { environment })

    const settings = JSON.parse(stdout)
    assert.deepEqual(settings.host, { transport: 'tcp', host: 'typed', port: 1883 })
    assert.deepEqual([settings.username, settings.password], [undefined, undefined])
  })

  test('reads a password when all flags were found good', async () => {
    const { stdout } = await run(['a', 'settings', '-u', 'me', '--password-command', 'echo from-command'])

    assert.equal(Buffer.from(JSON.parse(stdout).password, 'hex').toString(), 'from-command')
  })

  test('exits 2 for an unknown flag, in one block', async () => {
    const { code, stderr } = await run(['a', 'b', '--foo'])

    assert.equal(code, 2)
    assert.match(stderr, /^error: .*--foo/)
    assert.match(stderr, /^ {2}try /m)
  })

  test('exits 2 for a wildcard in a topic, and names the rule [MQTT-3.3.2-2]', async () => {
    const { code, stderr } = await run(['a/#', 'b'])

    assert.equal(code, 2)
    assert.match(stderr, /\[MQTT-3\.3\.2-2\]/)
  })

  test('tells an unknown flag as one JSON line with --json, though nothing could be parsed', async () => {
    const { code, stdout, stderr } = await run(['a', 'b', '--json', '--foo'])

    const line = JSON.parse(stderr)
    assert.equal(stdout, '')
    assert.deepEqual([code, line.v, line.type, line.kind, line.exitCode], [2, 1, 'error', 'usage', 2])
  })

  test('exits 4 when refused, and says code, name, causes and advice', async () => {
    const { code, stderr } = await run(['a', 'refuse=no'])

    assert.equal(code, 4)
    for (const part of ['CONNACK', '0x87 Not authorized', 'the user may not', 'another user']) {
      assert.ok(stderr.includes(part), part)
    }
  })

  test('escapes what a broker said, in a pipe too, and loses nothing of it in JSON', async () => {
    const text = await run(['a', 'refuse=no'])
    const json = await run(['a', 'refuse=no', '--json'])

    assert.ok(!text.stderr.includes('\x1b') && text.stderr.includes('no\\x1b[2J'))
    assert.ok(!json.stderr.includes('\x1b'))
    assert.equal(JSON.parse(json.stderr).message, 'The broker refused: no\x1b[2J')
  })

  test('says nothing with --quiet, and the exit code tells', async () => {
    assert.deepEqual(
      { ...(await run(['a', 'refuse=no', '--quiet'])), elapsedMs: 0 },
      { code: 4, stdout: '', stderr: '', elapsedMs: 0 },
    )
  })

  test('exits 1 for a bug, says how to report it, and shows the stack only with --debug', async () => {
    const plain = await run(['a', 'bug=do it'])
    const debug = await run(['a', 'bug=do it', '--debug'])

    assert.deepEqual([plain.code, debug.code], [1, 1])
    assert.match(plain.stderr, /bug in mqtt-cli.*do it[\s\S]*--debug[\s\S]*report it/)
    assert.doesNotMatch(plain.stderr, /\n {4}at /)
    assert.match(debug.stderr, /\n {4}at /)
  })

  test('exits 1 for an error that nobody caught', async () => {
    const { code, stderr } = await run(['a', 'crash=x'])

    assert.equal(code, 1)
    assert.match(stderr, /bug in mqtt-cli: TypeError: cannot x/)
  })

  test('lives on when an uncaught error is claimed', async () => {
    assert.deepEqual(
      { ...(await run(['a', 'claimed'])), elapsedMs: 0 },
      { code: 0, stdout: '', stderr: '', elapsedMs: 0 },
    )
  })

  for (const argv of [
    ['-P', 'canary'],
    ['-L', 'mqtt://me:canary@h'],
    ['--password-command', 'echo canary'],
    ['--ws', '--ws-header', 'Authorization: canary'],
    ['-D', 'connect', 'authentication-data', 'canary'],
  ]) {
    for (const style of [[], ['--json'], ['--debug']]) {
      test(`fault 34: masks the secret of ${argv.join(' ')} ${style.join('')} in an error that repeats it`, async () => {
        const { stderr } = await run(['a', 'bug=canary', ...argv, ...style], { environment: { DEBUG: '*' } })

        assert.match(stderr, /cannot \*\*\*/)
        assert.doesNotMatch(stderr, /canary/)
      })
    }
  }

  test('fault 32: is told to stop by SIGINT and exits 130 without a word', async () => {
    const ended = await run(['a', 'wait'], { onOutput: signalWhenReady('SIGINT') })

    assert.deepEqual([ended.code, ended.stderr], [130, ''])
  })

  test('fault 32: is told to stop by SIGTERM and exits 143', async () => {
    const ended = await run(['a', 'wait=reason'], { onOutput: signalWhenReady('SIGTERM') })

    assert.deepEqual([ended.code, ended.stderr], [143, ''])
  })

  test('fault 32: exits 130 and says what stayed unconfirmed', async () => {
    const ended = await run(['a', 'wait=unconfirmed'], { onOutput: signalWhenReady('SIGINT') })

    assert.equal(ended.code, 130)
    assert.match(ended.stderr, /3 publishes stayed unconfirmed/)
  })

  test('fault 32: leaves at once at a second signal', async () => {
    const ended = await run(['a', 'hang'], {
      onOutput: (child, stdout) => {
        if (!stdout.includes('ready')) return
        child.kill('SIGINT')
        child.kill('SIGTERM')
      },
    })

    assert.ok([130, 143].includes(ended.code ?? 0), `code ${ended.code}`) // the kernel may deliver them in either order
    assert.ok(ended.elapsedMs < 3500, `${ended.elapsedMs} ms`)
  })

  test('fault 32: is not held up for ever after one signal', async () => {
    const ended = await run(['a', 'hang'], { onOutput: signalWhenReady('SIGINT') })

    assert.equal(ended.code, 130)
    assert.ok(ended.elapsedMs < 15_000, `${ended.elapsedMs} ms`)
  })

  test('fault 28: ends quietly with 0 within a second when the reader of stdout goes away', async () => {
    const ended = await run(['a', 'pour=1000000'], { onOutput: (child) => child.stdout?.destroy() })

    assert.deepEqual([ended.code, ended.stderr], [0, ''])
  })

  test('fault 29: exits 7 when stdout is full', {
    skip: existsSync('/dev/full') ? false : '/dev/full is missing',
  }, async () => {
    const ended = await run(['a', 'pour=2'], { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] })

    assert.equal(ended.code, 7)
    assert.match(ended.stderr, /the disk is full/)
  })

  test('writes everything before it leaves, though something was left open', async () => {
    const ended = await run(['a', 'leave-open'])

    assert.deepEqual([ended.code, ended.stdout], [0, 'done\n'])
  })

  test('keeps its exit code when it has to end itself', async () => {
    const { code } = await run(['a', 'leave-open=failed'])

    assert.equal(code, 5)
  })
})
