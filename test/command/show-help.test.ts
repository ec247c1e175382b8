import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runCli } from '../support/program/run-cli.ts'

async function answer(...args: readonly string[]) {
  const cli = runCli(args)
  const [stdout, stderr, exitCode] = await Promise.all([cli.stdout(), cli.stderr(), cli.exitCode])
  return { stdout: stdout.toString(), stderr, exitCode }
}

describe('without a command', () => {
  for (const words of [[], ['--help'], ['help']]) {
    test(`mqtt-cli ${words.join(' ')} lists the commands, and exits with 0`, async () => {
      const { stdout, stderr, exitCode } = await answer(...words)

      assert.equal(exitCode, 0)
      assert.equal(stderr, '')
      for (const command of ['broker', 'demo', 'pub', 'sub'])
        assert.match(stdout, new RegExp(`^  ${command} +\\w`, 'm'))
    })
  }

  test('--version names the program, the machine and Node', async () => {
    const { stdout, exitCode } = await answer('--version')

    assert.match(stdout, /^mqtt-cli\/\d+\.\d+\.\d+ \S+ node-v\d+\.\d+\.\d+\n$/)
    assert.equal(exitCode, 0)
  })
})

describe('help about a command', () => {
  test('says where any number of words is taken, and where not', async () => {
    const [sub, pub] = await Promise.all([answer('sub', '--help'), answer('pub', '--help')])

    assert.match(sub.stdout, /mqtt-cli sub \[FILTER\.\.\.\] \[OPTIONS\]/)
    assert.match(pub.stdout, /mqtt-cli pub \[TOPIC\] \[MESSAGE\] \[OPTIONS\]/)
  })

  for (const words of [
    ['help', 'pub'],
    ['pub', '--help'],
    ['pub', '-t', 'a', '--help'],
  ]) {
    test(`mqtt-cli ${words.join(' ')} shows its options, and exits with 0`, async () => {
      const { stdout, stderr, exitCode } = await answer(...words)

      assert.equal(exitCode, 0)
      assert.equal(stderr, '')
      assert.match(stdout, /USAGE\n {2}\$ mqtt-cli pub \[TOPIC\] \[MESSAGE\] \[OPTIONS\]\n/)
      assert.match(stdout, /-h, --host=<name> /)
      assert.match(stdout, /mqtt-cli pub home\/door open/)
    })
  }

  test('is not what a message asks for that reads --help', async () => {
    const { stdout, exitCode } = await answer('pub', '-h', '127.0.0.1', '-p', '1', 'a', '--', '--help')

    assert.equal(stdout, '')
    assert.equal(exitCode, 3)
  })

  test('ends quietly when its reader goes away', async () => {
    const cli = runCli([], {
      program: ['bash', '-c', `"${process.execPath}" bin/run.js pub --help | head -1; echo "\${PIPESTATUS[0]}"`],
    })

    assert.match((await cli.stdout()).toString(), /^Publish .*\n0\n$/)
    assert.equal(await cli.stderr(), '')
  })
})

describe('a word that is no command', () => {
  const table: ReadonlyArray<readonly [words: readonly string[], says: RegExp]> = [
    [['sbu'], /no command "sbu"[\s\S]*mqtt-cli sub\n/],
    [['publish', 'a', 'b'], /no command "publish"[\s\S]*mqtt-cli pub\n/],
    [['help', 'sbu'], /no command "sbu"[\s\S]*mqtt-cli sub\n/],
    [['xyz'], /no command "xyz"[\s\S]*--help lists the commands/],
    [['-t', 'a'], /the command comes before -t/],
    [['toString'], /no command "toString"/],
  ]
  for (const [words, says] of table) {
    test(`mqtt-cli ${words.join(' ')} is a usage error that says what to try`, async () => {
      const { stdout, stderr, exitCode } = await answer(...words)

      assert.equal(exitCode, 2)
      assert.equal(stdout, '')
      assert.match(stderr, says)
    })
  }

  test('is one JSON line with --json', async () => {
    const { stderr, exitCode } = await answer('sbu', '--json')

    const error = JSON.parse(stderr)
    assert.equal(exitCode, 2)
    assert.equal(error.kind, 'usage')
    assert.equal(error.exitCode, 2)
  })
})
