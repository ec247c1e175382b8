import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { type CliHandle, runCli } from '../../support/program/run-cli.ts'
import { startWatchedBroker, type WatchedBroker } from '../../support/scripted-broker/watched-broker.ts'

/** Whoever opens a pipe with Node makes it O_NONBLOCK, for each of its readers: `read` then fails where nothing lies. */
const program = `"${process.execPath}" bin/run.js`

/** Each with a way to give a password, since that is when stdin was looked at. */
const running: readonly (readonly [command: string, password: string])[] = [
  ['sub a', '-u me -P secret'],
  ['sub a', '-u me --password-env OUR_SECRET'],
  ['sub a', '-u me --password-command "cat; echo secret"'],
  ['inspect a', '-u me -P secret'],
  ['bench sub -t a --duration 60', '-u me -P secret'],
]

describe('fault 52: stdin shared with other programs', { concurrency: 3 }, () => {
  for (const [command, password] of running) {
    test(`${command} ${password}: a shell beside it reads every line`, async (t) => {
      const broker = await watchedBroker(t)
      const run = beside(`${program} ${command} ${password} -h 127.0.0.1 -p ${broker.port}`)
      t.after(() => run.kill('SIGKILL'))
      await broker.when('subscribed')

      for (const line of ['one', 'two', 'three']) {
        run.child.stdin.write(`${line}\n`)
        await run.whenStdout(new RegExp(`got ${line}\n`))
      }
      run.child.stdin.end()

      assert.equal(await run.exitCode, 0)
    })
  }

  test('pub -m in a loop over lines: each line is published, and none is lost', async (t) => {
    const broker = await watchedBroker(t)
    const pub = `${program} pub -h 127.0.0.1 -p ${broker.port} -u me -P secret -t a -m "$line"`
    const script = `printf 'one\\ntwo\\nthree\\n' | while read line; do ${pub} || exit; echo "got $line"; done`
    const run = runCli([script], { program: ['sh', '-c'] })

    assert.equal((await run.stdout()).toString(), 'got one\ngot two\ngot three\n')
    await broker.whenCount('published', 3)
  })
})

function watchedBroker(t: TestContext): Promise<WatchedBroker> {
  return startWatchedBroker().then((broker) => {
    t.after(() => broker.close())
    return broker
  })
}

/** The program and a shell's `read` on one pipe, which `cat` fills. */
function beside(commandLine: string): CliHandle {
  const reading = 'while read line; do echo "got $line"; done'
  const script = `cat | { exec 3<&0; ${commandLine} <&3 >&2 & ${reading}; kill -9 $!; }`
  return runCli([script], { program: ['sh', '-c'], stdin: 'open', env: { OUR_SECRET: 'secret' } })
}
