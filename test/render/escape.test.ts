import assert from 'node:assert/strict'
import { test } from 'node:test'
import { escapeForTerminal, escapeLinesForTerminal } from '../../src/render/escape.ts'

const cases: readonly (readonly [what: string, text: string, shown: string])[] = [
  ['ESC and a CSI sequence', '\x1b[31mred', '\\x1b[31mred'],
  ['an OSC that sets the title, ended by BEL', '\x1b]0;x\x07', '\\x1b]0;x\\x07'],
  ['a carriage return that would overwrite the line', 'a\rb', 'a\\rb'],
  ['a line feed that would begin a line of its own', 'a\nb', 'a\\nb'],
  ['a tab', 'a\tb', 'a\\tb'],
  ['backspace', 'a\bb', 'a\\x08b'],
  ['NUL', '\0', '\\x00'],
  ['DEL', '\x7f', '\\x7f'],
  ['the CSI of the C1 set', '\x9b31m', '\\x9b31m'],
  ['both ends of C1', '\x80\x9f', '\\x80\\x9f'],
  ['embeddings and overrides', '\u202a\u202b\u202c\u202d\u202e', '\\u202a\\u202b\\u202c\\u202d\\u202e'],
  ['isolates', '\u2066\u2067\u2068\u2069', '\\u2066\\u2067\\u2068\\u2069'],
  ['direction marks', '\u200e\u200f\u061c', '\\u200e\\u200f\\u061c'],
  ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
  ['what CI runners obey within a line', 'a ##[group]b ##vso[task]c ##d', 'a \\x23#[group]b \\x23#vso[task]c ##d'],
  ['halves of surrogate pairs', 'a\ud83d b\ude00', 'a\\ud83d b\\ude00'],
]

for (const [what, text, shown] of cases) {
  test(`shows ${what} as text`, () => assert.equal(escapeForTerminal(text), shown))
}

test('leaves ordinary text alone, whatever its script', () => {
  const text = 'häuser/größe ~ \u{1f600} 日本語 עברית \u00a0 C:\\temp'

  assert.equal(escapeForTerminal(text), text)
})

test('of several lines, only line feeds and tabs stay as they are', () => {
  assert.equal(escapeLinesForTerminal('a\n\tb\r\n\x1b'), 'a\n\tb\\r\n\\x1b')
})
