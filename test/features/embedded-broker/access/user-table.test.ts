import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { MqttCliError } from '../../../../src/errors.ts'
import { parseUserTable, readUserTable } from '../../../../src/features/embedded-broker/access/user-table.ts'
import { mosquittoMissing } from '../../../support/brokers/mosquitto.ts'
import { temporaryFolder } from '../../../support/program/temp-folder.ts'

/** What `mosquitto_passwd -U` made of `carla:s3cret`. */
const hashed =
  'carla:$7$101$w+SSClrMLJxlmMlv$hwbEet4DE3vRk/K5OVL/rNSdWvSKihCfvwmRYwrKlVOyoZR1ZuHlPO/36N1Mx8M4QX8k5Jf3N//1INUPVw2Aag=='

const cases: readonly (readonly [
  file: string,
  name: string | undefined,
  password: string | undefined,
  isRight: boolean,
])[] = [
  ['anna:secret', 'anna', 'secret', true],
  ['anna:secret', 'anna', 'Secret', false],
  ['anna:secret', 'anna', undefined, false],
  ['anna:secret', 'ann', 'secret', false],
  ['anna:secret', undefined, 'secret', false],
  ['anna:with:colons', 'anna', 'with:colons', true],
  ['anna: spaces ', 'anna', ' spaces ', true],
  ['anna:', 'anna', '', true],
  ['# nobody\r\n\r\nanna:secret\r\nbob:other\r\n', 'anna', 'secret', true],
  ['# nobody\r\n\r\nanna:secret\r\nbob:other\r\n', 'bob', 'other', true],
  ['anna:first\nanna:last', 'anna', 'last', true],
  ['__proto__:secret', '__proto__', 'secret', true],
  ['anna:secret', 'constructor', 'secret', false],
]

for (const [file, name, password, isRight] of cases) {
  test(`${JSON.stringify(file)} ${isRight ? 'lets in' : 'keeps out'} ${name} with ${JSON.stringify(password)}`, async () => {
    const users = parseUserTable(file, 'users')

    assert.equal(await users.check(name, password === undefined ? undefined : Buffer.from(password)), isRight)
  })
}

test('takes the hashes of mosquitto_passwd', async () => {
  const users = parseUserTable(hashed, 'users')

  assert.equal(await users.check('carla', Buffer.from('s3cret')), true)
  assert.equal(await users.check('carla', Buffer.from('s3cret ')), false)
})

test('a byte order mark at the beginning is no part of the first name', async () => {
  const path = join(temporaryFolder(), 'users')
  writeFileSync(path, '\uFEFFanna:secret\nbob:other\n')

  const users = await readUserTable(path)

  assert.equal(await users.check('anna', Buffer.from('secret')), true)
})

test('an empty table keeps everybody out, an empty password too', async () => {
  const users = parseUserTable('# nobody\n', 'users')

  assert.equal(await users.check('anna', Buffer.alloc(0)), false)
})

/** Hashes that are too short, too long or no Base64, and hashes of other kinds: none is a password, none fits any. */
const unusable = [
  'anna',
  ':secret',
  'anna:$6$abc$def',
  'anna:$7$0$YWJj$YWJj',
  'anna:$7$101$YWJj',
  'anna:$7$101$YWJj$YWJj',
  'anna:$7$101$YWJj$=',
  `anna:$7$101$YWJj$${Buffer.alloc(63, 'abc').toString('base64')}`,
  `anna:$7$101$YWJj$${Buffer.alloc(65, 'abc').toString('base64')}`,
  `anna:$7$101$=$${Buffer.alloc(64, 'abc').toString('base64')}`,
  'anna:$argon2id$v=19$m=65536,t=3,p=4$YWJj$YWJj',
  'anna:$2b$10$abcdefghijklmnopqrstuv',
  'anna:$y$j9T$abc',
]
for (const line of unusable) {
  test(`names the line of ${line}, and never shows what is in it`, () => {
    const parse = () => parseUserTable(`# one\n${line}`, 'users')

    assert.throws(parse, (error: unknown) => {
      assert.ok(error instanceof MqttCliError && error.kind === 'usage')
      assert.match(error.message, /line 2 of users/)
      assert.doesNotMatch(JSON.stringify([error.message, error.details]), /secret|YWJj|abc/)
      return true
    })
  })
}

test('a file that is not there is a local failure', async () => {
  const path = join(temporaryFolder(), 'missing')

  await assert.rejects(readUserTable(path), { kind: 'local-io' })
})

describe('mosquitto_passwd', { skip: mosquittoMissing('mosquitto_passwd') }, () => {
  test('makes files that we read', async () => {
    const path = join(temporaryFolder(), 'users')
    writeFileSync(path, 'anna:secret\nbob:ünïcode\n')
    execFileSync('mosquitto_passwd', ['-U', path])

    const users = await readUserTable(path)

    assert.equal(await users.check('anna', Buffer.from('secret')), true)
    assert.equal(await users.check('bob', Buffer.from('ünïcode')), true)
    assert.equal(await users.check('bob', Buffer.from('secret')), false)
  })
})
