import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTheme } from '../../src/render/theme.ts'

test('without colour a role adds nothing', () => {
  for (const paint of Object.values(createTheme(false)).flat()) assert.equal(paint('text'), 'text')
})

test('with colour every role is told apart by an escape sequence, and takes it back at the end', () => {
  for (const paint of Object.values(createTheme(true)).flat()) assert.match(paint('text'), /^\x1b\[\d+mtext\x1b\[\d+m$/)
})
