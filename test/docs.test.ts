import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, test } from 'node:test'

const root = join(import.meta.dirname, '..')
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name)),
].filter((name) => name.endsWith('.md'))

describe('the pages', () => {
  for (const page of pages) {
    test(`${page} links only to what is there`, () => {
      const text = readFileSync(join(root, page), 'utf8')
      const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string)
      const local = targets.filter((target) => !/^[a-z]+:/.test(target))

      assert.deepEqual(
        local.filter((target) => !existsSync(join(root, dirname(page), target))),
        [],
      )
    })
  }

  for (const page of pages) {
    test(`${page} names only files that are there`, () => {
      const text = readFileSync(join(root, page), 'utf8')
      const named = [...text.matchAll(/`((?:src|test|commands|scripts|benchmarks|docs|bin)\/[\w./-]+)`/g)].map(
        ([, path]) => path!,
      )

      assert.deepEqual(
        named.filter((path) => !existsSync(join(root, path))),
        [],
      )
    })
  }

  test('are many, and the first leads to those of the commands', () => {
    const first = readFileSync(join(root, 'README.md'), 'utf8')

    assert.ok(pages.length > 10, `${pages}`)
    for (const page of ['pub', 'sub', 'demo', 'trace', 'exit-codes'])
      assert.match(first, new RegExp(`docs/${page}\\.md`))
  })

  test('of decisions are numbered, each number once, and begin with theirs', () => {
    const decisions = pages.filter((page) => /^docs.decisions.\d/.test(page)).map((page) => join(root, page))
    const numbers = decisions.map((page) => basename(page).slice(0, 3)).sort()

    assert.deepEqual(
      numbers,
      decisions.map((_, index) => String(index + 1).padStart(3, '0')),
    )
    for (const page of decisions)
      assert.match(readFileSync(page, 'utf8'), new RegExp(`^# ${basename(page).slice(0, 3)}: `))
  })
})
