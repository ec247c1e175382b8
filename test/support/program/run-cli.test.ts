import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCli } from './run-cli.ts'

/** A program that behaves as told, in place of ours. */
const node = (script: string) => ({ program: [process.execPath, '-e', script] as const })

test('brings back both outputs, whole, and the exit code', async () => {
  const cli = runCli(
    ['hello'],
    node('process.stdout.write(process.argv[1]); console.error("oops"); process.exitCode = 4'),
  )

  assert.equal((await cli.stdout()).toString(), 'hello')
  assert.equal(await cli.stderr(), 'oops\n')
  assert.equal(await cli.exitCode, 4)
})

test('feeds stdin', async () => {
  const cli = runCli([], { ...node('process.stdin.pipe(process.stdout)'), stdin: 'in and out' })

  assert.equal((await cli.stdout()).toString(), 'in and out')
})

test('waits for what the program says, also in pieces', async () => {
  const cli = runCli([], {
    ...node(
      'process.stderr.write("rea"); setTimeout(() => process.stderr.write("dy 42\\n"), 20); process.stdin.resume()',
    ),
    stdin: 'open',
  })

  const [, port] = await cli.whenStderr(/ready (\d+)\n/)
  cli.child.stdin.end()

  assert.equal(port, '42')
  assert.equal(await cli.exitCode, 0)
})

test('a program that ends without saying it fails the wait', async () => {
  const cli = runCli([], node('console.log("something else")'))

  await assert.rejects(cli.whenStdout(/ready/), /ended with 0 and no \/ready\//)
})

test('a program that hangs is ended, and fails the test', async () => {
  const cli = runCli([], { ...node('setInterval(() => {}, 1000)'), timeLimitMs: 300 })

  await assert.rejects(cli.exitCode, /did not end within 300 ms/)
})

test('a program that a signal ends is no exit code; one that handles it is', async () => {
  const dies = runCli([], node('setInterval(() => {}, 1000); console.log("up")'))
  const handles = runCli(
    [],
    node('process.on("SIGINT", () => process.exit(130)); setInterval(() => {}, 1000); console.log("up")'),
  )
  await Promise.all([dies.whenStdout(/up/), handles.whenStdout(/up/)])

  dies.kill('SIGINT')
  handles.kill('SIGINT')

  await assert.rejects(dies.exitCode, /SIGINT/)
  assert.equal(await handles.exitCode, 130)
})

test('what the developer has set for himself does not reach the program', async () => {
  process.env.MQTT_CLI_HOST = 'somewhere.test'
  const cli = runCli([], {
    ...node('console.log(process.env.MQTT_CLI_HOST, process.env.MQTT_CLI_PORT)'),
    env: { MQTT_CLI_PORT: '1' },
  })
  delete process.env.MQTT_CLI_HOST

  assert.equal((await cli.stdout()).toString(), 'undefined 1\n')
})
