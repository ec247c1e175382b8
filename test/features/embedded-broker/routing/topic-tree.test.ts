import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  eachFilterFor,
  eachTopicFor,
  isTooDeep,
  TopicTree,
} from '../../../../src/features/embedded-broker/routing/topic-tree.ts'
import { topicMatches } from '../../../../src/protocol/topic-filter.ts'

const level = fc.constantFrom('a', 'b', '', '$s', 'toString', '__proto__')
const topics = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'))
const filters = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, isOpen]) => (isOpen ? [...levels, '#'] : levels).join('/'))

describe('a tree of topic levels', () => {
  test('finds the filters that match a topic, and no others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(filters), topics, (held, topic) => {
        const tree = treeOf([...held, '#', '+/+'])
        const found: string[] = []

        eachFilterFor(tree, topic, (filter) => found.push(filter))

        const expected = [...new Set([...held, '#', '+/+'])].filter((filter) => topicMatches(filter, topic))
        assert.deepEqual(found.sort(), expected.sort())
      }),
    )
  })

  test('finds the topics that a filter matches, and no others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(topics), filters, (held, filter) => {
        const found = [...eachTopicFor(treeOf(held), filter)].filter((topic) => topic !== undefined)

        assert.deepEqual(found.sort(), held.filter((topic) => topicMatches(filter, topic)).sort())
      }),
    )
  })

  test('keeps nothing of what was deleted, and all of the rest', () => {
    fc.assert(
      fc.property(fc.uniqueArray(filters), fc.uniqueArray(filters), (stays, goes) => {
        const tree = treeOf([...stays, ...goes])

        for (const filter of goes) tree.delete(filter)

        const left = stays.filter((filter) => !goes.includes(filter))
        assert.deepEqual(tree.root, treeOf(left).root)
        for (const filter of left) assert.equal(tree.get(filter), filter)
      }),
    )
  })

  test('looks at nothing that does not match: 100,000 filters of others cost a topic no step', () => {
    const tree = new TopicTree<string>()
    for (let index = 0; index < 100_000; index++) tree.set(`other/${index}/+/#`, 'other')
    tree.set('mine/a', 'mine')
    const node = tree.root.children?.get('other')
    let looks = 0
    const watched = new Proxy(node?.children ?? new Map(), {
      get: (target, name) => {
        looks++
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    node!.children = watched
    const found: string[] = []

    eachFilterFor(tree, 'mine/a', (value) => found.push(value))

    assert.deepEqual([found, looks], [['mine'], 0])
  })

  test('of more than 100 levels is too deep', () => {
    assert.deepEqual([isTooDeep('a/'.repeat(99)), isTooDeep('a/'.repeat(100))], [false, true])
  })
})

function treeOf(names: readonly string[]): TopicTree<string> {
  const tree = new TopicTree<string>()
  for (const name of names) tree.set(name, name)
  return tree
}
