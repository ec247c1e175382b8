import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../../src/capture/pcapng/blocks.ts'
import { internetChecksum } from '../../../src/capture/pcapng/checksum.ts'
import { endpointOf } from '../../../src/capture/pcapng/endpoint.ts'
import { fromHex } from '../../support/packets/hex.ts'

test('a file begins with a section header that names the program', () => {
  const block = sectionHeader('abc')

  const expected = [
    '0a0d0d0a 28000000', // type, length 40
    '4d3c2b1a 0100 0000 ffffffffffffffff', // byte order, version 1.0, length unknown
    '0400 0300 61626300', // option 4, 3 bytes, padded
    '00000000 28000000', // end of options, length again
  ].join('')
  assert.equal(block.toString('hex'), expected.replace(/ /g, ''))
})

test('an interface is Ethernet, cuts nothing off, and has a name', () => {
  const block = interfaceDescription('ab')

  const expected = '01000000 20000000 0100 0000 00000000 0200 0200 61620000 00000000 20000000'
  assert.equal(block.toString('hex'), expected.replace(/ /g, ''))
})

test('a packet has its time in microseconds, high half first, and is padded to four bytes', () => {
  const block = enhancedPacket(1_700_000_000_000_001, fromHex('aabbccddee'))

  const expected = [
    '06000000 28000000 00000000', // type, length 40, interface 0
    '240a0600 01401e18', // 0x00060a24181e4001 microseconds
    '05000000 05000000 aabbccddee000000 28000000',
  ].join('')
  assert.equal(block.toString('hex'), expected.replace(/ /g, ''))
})

test('the Internet checksum is the one of RFC 1071, over odd lengths and several parts too', () => {
  assert.equal(internetChecksum(fromHex('0001 f203 f4f5 f6f7')), 0x220d)
  assert.equal(internetChecksum(fromHex('0001 f203'), fromHex('f4f5 f6f7')), 0x220d)
  assert.equal(internetChecksum(fromHex('0001 f2')), 0x0dfe)
  assert.equal(internetChecksum(Buffer.alloc(0)), 0xffff)
})

test('an end of a connection is read from what a listener calls it', () => {
  const read = (text: string) => {
    const { address, port } = endpointOf(text)
    return `${address.toString('hex')} ${port}`
  }

  assert.equal(read('10.1.2.3:50312'), '0a010203 50312')
  assert.equal(read('::ffff:10.1.2.3:50312'), '0a010203 50312')
  assert.equal(read('::1:50312'), `${'00'.repeat(15)}01 50312`)
  assert.equal(read('[2001:db8::8:800:200c:417a]:1'), '20010db80000000000080800200c417a 1')
  assert.equal(read('fe80::1%eth0:7'), `fe80${'00'.repeat(13)}01 7`)
  assert.equal(read('unknown:0'), '7f000001 0')
})
