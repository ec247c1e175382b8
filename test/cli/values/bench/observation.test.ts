import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { disturbance } from '../../../../src/cli/values/bench/disturbance.ts'
import { observation } from '../../../../src/cli/values/bench/observation.ts'

describe('--observe', () => {
  const taken: ReadonlyArray<readonly [text: string, observation: ReturnType<typeof observation>]> = [
    ['pid:4711', { from: 'pid', pid: 4711 }],
    ['sys', { from: 'sys' }],
    ['url:http://localhost:9100/metrics', { from: 'url', url: 'http://localhost:9100/metrics' }],
    [
      'url:https://ann:p%40ss@b.lan/metrics?x=1',
      { from: 'url', url: 'https://b.lan/metrics?x=1', authorization: 'Basic YW5uOnBAc3M=' },
    ],
  ]
  for (const [text, expected] of taken) {
    test(`${text} is taken, and a login is in no name`, () => {
      assert.deepEqual(observation(text, '--observe', 'linux'), expected)
    })
  }

  const refused: ReadonlyArray<readonly [text: string, said: RegExp]> = [
    ['pid:', /no process number/],
    ['pid:0', /no process number/],
    ['pid:-1', /no process number/],
    ['pid:mosquitto', /no process number/],
    ['url:localhost:9100', /no http or https URL/],
    ['url:file:///etc/passwd', /no http or https URL/],
    ['sys:x', /no such source/],
    ['http://ann:secret@b.lan', /no such source: "http:\/\/\*\*\*@b.lan"/],
    ['', /no such source/],
  ]
  for (const [text, said] of refused) {
    test(`${JSON.stringify(text)} is refused`, () => {
      assert.throws(() => observation(text, '--observe', 'linux'), said)
    })
  }

  test('a process is refused where there is no /proc, with what to use instead', () => {
    assert.throws(() => observation('pid:4711', '--observe', 'darwin'), {
      message: /this is darwin/,
      kind: 'usage',
    })
  })
})

test('--disturb: the last @ is the time, and a command may have others, and several lines', () => {
  assert.deepEqual(disturbance('ssh root@b kill -9 1@1.5s', '--disturb'), {
    command: 'ssh root@b kill -9 1',
    atMs: 1500,
  })
  assert.deepEqual(disturbance('a\nb@2m', '--disturb'), { command: 'a\nb', atMs: 120_000 })
})
