import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { WebOrigins } from '../../../../src/connection/transport/server/web-origins.ts'

const cases: readonly (readonly [
  listening: string,
  allowed: readonly string[],
  host: string | undefined,
  origin: string | undefined,
  isIn: boolean,
])[] = [
  // programs send no Origin; Host is what they were told to connect to
  ['127.0.0.1', [], '127.0.0.1:9001', undefined, true],
  ['127.0.0.1', [], 'localhost:9001', undefined, true],
  ['::1', [], '[::1]:9001', undefined, true],
  ['0.0.0.0', [], '192.0.2.7:9001', undefined, true],
  ['broker.lan', [], 'Broker.LAN:9001', undefined, true],
  ['0.0.0.0', ['https://broker.example'], 'broker.example', undefined, true],
  // a page of this machine, or of the very host that is asked
  ['127.0.0.1', [], 'localhost:9001', 'http://localhost:8080', true],
  ['127.0.0.1', [], '127.0.0.1:9001', 'http://[::1]:3000', true],
  ['0.0.0.0', [], '192.0.2.7:9001', 'http://192.0.2.7', true],
  // any other page
  ['127.0.0.1', [], '127.0.0.1:9001', 'https://evil.example', false],
  ['127.0.0.1', [], 'localhost:9001', 'https://localhost.evil.example', false],
  ['127.0.0.1', [], 'localhost:9001', 'https://127.0.0.1.evil.example', false],
  ['127.0.0.1', [], 'localhost:9001', 'null', false],
  ['127.0.0.1', [], 'localhost:9001', '', false],
  ['0.0.0.0', [], '192.0.2.7:9001', 'http://192.0.2.8', false],
  // a page that had its own name lead here
  ['127.0.0.1', [], 'evil.example:9001', 'http://evil.example:9001', false],
  ['127.0.0.1', [], 'evil.example:9001', undefined, false],
  ['127.0.0.1', [], '127.0.0.1.evil.example', undefined, false],
  ['127.0.0.1', [], '', undefined, false],
  ['127.0.0.1', [], undefined, undefined, false],
  // what --ws-origin lets in
  ['127.0.0.1', ['https://app.example'], 'localhost:9001', 'https://app.example', true],
  ['127.0.0.1', ['https://app.example'], 'localhost:9001', 'https://APP.example', true],
  ['127.0.0.1', ['https://app.example'], 'localhost:9001', 'http://app.example', false],
  ['127.0.0.1', ['https://app.example'], 'localhost:9001', 'https://app.example:8443', false],
  ['127.0.0.1', ['https://app.example'], 'evil.example', 'https://app.example', false],
  ['127.0.0.1', ['null'], 'localhost:9001', 'null', true],
  ['127.0.0.1', ['*'], 'evil.example', 'https://evil.example', true],
]

describe('fault 50: an upgrade', () => {
  for (const [listening, allowed, host, origin, isIn] of cases) {
    const what = `on ${listening}, allowed ${JSON.stringify(allowed)}: Host ${host}, Origin ${origin}`
    test(`${what} ${isIn ? 'comes in' : 'is refused'}`, () => {
      const headers = { ...(host !== undefined && { host }), ...(origin !== undefined && { origin }) }

      const refusal = new WebOrigins(listening, allowed).refusal(headers)

      assert.equal(refusal === undefined, isIn, refusal)
    })
  }
})
