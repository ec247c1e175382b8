import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { readCredentials } from '../../../src/cli/secrets/credentials-file.ts'
import { MqttCliError } from '../../../src/errors.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const folder = temporaryFolder()

function fileOf(content: string | Buffer): string {
  const path = join(folder, 'users.csv')
  writeFileSync(path, content)
  return path
}

describe('a credentials file has', () => {
  const rows: ReadonlyArray<readonly [what: string, content: string, users: ReadonlyArray<readonly [string, string]>]> =
    [
      [
        'a user and a password a line',
        'ann,s1\nbob,s2\n',
        [
          ['ann', 's1'],
          ['bob', 's2'],
        ],
      ],
      [
        'no newline at its end',
        'ann,s1\nbob,s2',
        [
          ['ann', 's1'],
          ['bob', 's2'],
        ],
      ],
      [
        'CR LF at the end of lines',
        'ann,s1\r\nbob,s2\r\n',
        [
          ['ann', 's1'],
          ['bob', 's2'],
        ],
      ],
      [
        'both, and empty lines',
        'ann,s1\r\n\nbob,s2\n\r\n',
        [
          ['ann', 's1'],
          ['bob', 's2'],
        ],
      ],
      ['a byte order mark', '\ufeffann,s1\n', [['ann', 's1']]],
      ['a mark before a quote', '\ufeff"ann","s1"\n', [['ann', 's1']]],
      ['commas in quotes', '"a,b","c,d"\n', [['a,b', 'c,d']]],
      ['doubled quotes', 'ann,"a""b"""\n', [['ann', 'a"b"']]],
      [
        'line ends in quotes, as they are',
        'ann,"a\r\nb\nc"\nbob,s2\n',
        [
          ['ann', 'a\r\nb\nc'],
          ['bob', 's2'],
        ],
      ],
      ['blanks that are part of a field', 'ann, s1 \n', [['ann', ' s1 ']]],
      [
        'an empty password',
        'ann,\nbob,""\n',
        [
          ['ann', ''],
          ['bob', ''],
        ],
      ],
      ['a header', 'user,password\nann,s1\n', [['ann', 's1']]],
      ['a header in any case, behind a mark', '\ufeff"UserName", PASSWORD\r\nann,s1\r\n', [['ann', 's1']]],
      [
        'a user of that name on another line',
        'ann,s1\nuser,password\n',
        [
          ['ann', 's1'],
          ['user', 'password'],
        ],
      ],
      ['users that objects have names for', '__proto__,constructor\n', [['__proto__', 'constructor']]],
      ['places that nobody fills', '%i,%c%%\n', [['%i', '%c%%']]],
    ]
  for (const [what, content, users] of rows) {
    test(what, async () => {
      const found = await readCredentials(fileOf(content))

      assert.deepEqual(
        found.map(({ username, password }) => [username, password]),
        users,
      )
    })
  }
})

describe('a credentials file is refused, by line and without showing it:', () => {
  const long = 'x'.repeat(65_536)
  const rows: ReadonlyArray<readonly [what: string, content: string | Buffer, where: RegExp]> = [
    ['no comma', 'ann,s1\ncanary\n', /line 2 /],
    ['a field too many', 'ann,s1\n\nbob,canary,canary\n', /line 3 /],
    ['no user', 'ann,s1\r\n,canary', /line 2 /],
    ['a quote inside a field', 'ann,s1\nbob,can"ary\n', /line 2 /],
    ['something behind a quote', 'ann,"s\r\n1"\r\nbob,"canary" x\n', /line 3 /],
    ['a quote that does not end', 'ann,s1\nbob,"canary\nx,y\n', /line 2 /],
    ['a line after lines within quotes', 'ann,"a\r\nb\r\nc"\r\ncanary\r\n', /line 4 /],
    ['a NUL in a user', 'canary\0,s1\n', /line 1 /],
    ['a user that MQTT cannot carry', `${long},canary\n`, /line 1 /],
    ['a password that MQTT cannot carry', `canary,${long}\n`, /line 1 /],
    ['bytes that are not UTF-8', Buffer.from('canary,\xff\n', 'latin1'), /UTF-8/],
    ['nothing', '', /no user/],
    ['a header alone', 'user,password\n', /no user/],
  ]
  for (const [what, content, where] of rows) {
    test(what, async () => {
      await assert.rejects(readCredentials(fileOf(content)), (error: unknown) => {
        assert.ok(error instanceof MqttCliError && error.kind === 'local-io')
        assert.match(error.message, where)
        assert.doesNotMatch(JSON.stringify([error.message, error.details, String(error.cause)]), /canary|xxx/)
        return true
      })
    })
  }
})
