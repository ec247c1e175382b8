import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permissionsWithout } from '../../../../src/features/embedded-broker/access/permissions.ts'

const permissions = permissionsWithout(
  ['closed/#'],
  [
    { username: 'anna', filter: 'secret/#' },
    { username: 'anna', filter: 'plan' },
    { username: '__proto__', filter: 'odd' },
  ],
)

const cases: readonly (readonly [user: string | undefined, topic: string, may: boolean])[] = [
  ['anna', 'secret/a', false],
  ['anna', 'plan', false],
  ['anna', 'open', true],
  ['anna', 'closed/a', false],
  ['bob', 'secret/a', true],
  ['bob', 'closed/a', false],
  [undefined, 'secret/a', true],
  ['__proto__', 'odd', false],
  ['constructor', 'odd', true],
]
for (const [user, topic, may] of cases) {
  test(`${user} ${may ? 'may' : 'may not'} publish to ${topic} and subscribe to it`, () => {
    const { mayPublish, maySubscribe } = permissions.ofUser(user)

    assert.deepEqual([mayPublish(topic), maySubscribe(topic), maySubscribe(`$share/g/${topic}`)], [may, may, may])
  })
}

test('what others publish does not reach a user by way of a wildcard that may not see it', () => {
  const { mayReceive, maySubscribe } = permissions.ofUser('anna')

  assert.deepEqual([maySubscribe('#'), mayReceive('secret/a'), mayReceive('open')], [true, false, true])
})
