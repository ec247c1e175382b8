import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeForeignBytes } from '../../../src/connection/transport/foreign-bytes.ts'

const CASES: readonly [bytes: Buffer, described: string | undefined][] = [
  [Buffer.from('15030100020246', 'hex'), 'a TLS alert'],
  [Buffer.from('1503', 'hex'), 'a TLS alert'],
  [Buffer.from('160303004a', 'hex'), 'a TLS handshake record'],
  [Buffer.from('HTTP/1.1 400 Bad Request\r\n'), 'an HTTP response'],
  [Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), 'the greeting of an SSH server'],
  [Buffer.from('AMQP\x00\x00\x09\x01'), 'the greeting of an AMQP server'],
  // CONNACK at 3.1.1 and 5, and CONNACK with a body of three bytes: the second byte of MQTT is a length.
  [Buffer.from('20020000', 'hex'), undefined],
  [Buffer.from('2003000000', 'hex'), undefined],
  [Buffer.from('15', 'hex'), undefined],
  [Buffer.from('HTTP'), undefined],
  [Buffer.alloc(0), undefined],
]

for (const [bytes, described] of CASES) {
  test(`${bytes.subarray(0, 8).toString('hex') || 'no byte'} is ${described ?? 'not taken for another protocol'}`, () => {
    assert.equal(describeForeignBytes(bytes), described)
  })
}
