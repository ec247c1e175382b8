import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { CaptureFile } from '../../../src/capture/pcapng/capture-file.ts'
import { MqttCliError } from '../../../src/errors.ts'
import type { InspectedPacket } from '../../../src/observation/inspected-packet.ts'
import { PacketReader } from '../../../src/observation/packet-reader.ts'
import type { Sender } from '../../../src/protocol/wire/packet.ts'
import { fromHex } from '../../support/packets/hex.ts'
import { tsharkFields, tsharkMissing } from '../../support/packets/tshark.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const folder = temporaryFolder()
const startEpochMicroseconds = 1_700_000_000_000_000
/** MQTT 5, user `u`, password `s3cr3t`, Authentication Data `t0k3n`. */
const connect = '102600044d51545405c2003c0c1500016d160005' + '74306b336e' + '000263310001750006' + '733363723374'
const skip = tsharkMissing()

function fail(error: MqttCliError): never {
  throw error
}

/** A capture of this one connection; its path. */
function captured(name: string, pieces: readonly (readonly [Sender, string])[], remote: string, shows = false): string {
  const path = join(folder, name)
  const file = new CaptureFile({
    path,
    startEpochMicroseconds,
    showSecrets: shows,
    failed: fail,
  })
  const capture = file.open(remote, 0)
  const reader = new PacketReader(1)
  for (const [index, [sender, hex]] of pieces.entries()) {
    const at = (index + 1) * 1000
    const packet: InspectedPacket = reader.read({ sender, wire: fromHex(hex), streamOffset: 0, atMicroseconds: at })
    capture.packet(packet, packet.wire, at)
  }
  capture.closed('client', false, 1_000_000)
  file.close()
  return path
}

const talk = [
  ['client', connect],
  ['server', '20 03 00 00 00'],
  ['client', '32 0b 0003 612f62 0007 00 616263'],
  ['server', '40 02 0007'],
  ['client', 'e0 00'],
] as const

describe('a capture, as tshark reads it', { skip }, () => {
  for (const remote of ['127.0.0.1:50312', '::1:50312']) {
    test(`is MQTT with its types and topics, from ${remote}`, () => {
      const file = captured(`talk-${remote.length}.pcapng`, talk, remote)

      const rows = tsharkFields(file, ['mqtt.msgtype', 'mqtt.topic', 'mqtt.msgid', '_ws.malformed'], 'mqtt')

      assert.deepEqual(rows, [
        ['1', '', '', ''],
        ['2', '', '', ''],
        ['3', 'a/b', '7', ''],
        ['4', '', '7', ''],
        ['14', '', '', ''],
      ])
    })

    test(`is a TCP connection without a fault, from ${remote}`, () => {
      const file = captured(`tcp-${remote.length}.pcapng`, talk, remote)

      const rows = tsharkFields(file, [
        'tcp.analysis.flags',
        'tcp.checksum.status',
        'ip.checksum.status',
        'tcp.flags.str',
      ])

      const isIpv4 = !remote.startsWith('::')
      assert.equal(rows.length, 3 + 5 + 4)
      for (const [flags, tcp, ip] of rows) assert.deepEqual([flags, tcp, ip], ['', '1', isIpv4 ? '1' : ''])
      assert.deepEqual(
        rows.map(([, , , flags]) => flags?.replace(/·/g, '')),
        ['S', 'AS', 'A', 'AP', 'AP', 'AP', 'AP', 'AP', 'AF', 'A', 'AF', 'A'],
      )
    })
  }

  test('has the time of each packet to the microsecond', () => {
    const file = captured('times.pcapng', [['client', 'c0 00']], '127.0.0.1:50312')

    const [row] = tsharkFields(file, ['frame.time_epoch'], 'mqtt')

    assert.deepEqual(row, ['1700000000.001000000'])
  })

  test('cuts what is longer than an IP packet into segments', () => {
    const body = Buffer.concat([fromHex('0001 61'), Buffer.alloc(199_997, 'x')])
    const publish = Buffer.concat([fromHex('30 c0 9a 0c'), body]).toString('hex')

    const file = captured('large.pcapng', [['client', publish]], '127.0.0.1:50312')

    assert.deepEqual(tsharkFields(file, ['mqtt.msgtype', 'mqtt.topic'], 'mqtt'), [['3', 'a']])
    const lengths = tsharkFields(file, ['tcp.len'], 'tcp.len > 0').map(([length]) => Number(length))
    assert.deepEqual(lengths, [65_000, 65_000, 65_000, 5004])
  })

  test('reads on where a password was: its length is kept', () => {
    const file = captured('hidden.pcapng', [['client', connect]], '127.0.0.1:50312')

    const rows = tsharkFields(file, ['mqtt.username', 'mqtt.passwd', 'mqtt.clientid', '_ws.malformed'], 'mqtt')

    assert.deepEqual(rows, [['u', '******', 'c1', '']])
  })
})

describe('secrets', () => {
  test('are stars in the file, unless it is asked to show them', () => {
    const hidden = readFileSync(captured('stars.pcapng', talk, '127.0.0.1:50312'))
    const shown = readFileSync(captured('plain.pcapng', talk, '127.0.0.1:50312', true))

    for (const secret of ['s3cr3t', 't0k3n']) {
      assert.equal(hidden.includes(secret), false, secret)
      assert.equal(shown.includes(secret), true, secret)
    }
    assert.equal(hidden.length, shown.length)
  })

  test('are not in what a client sends behind bytes that are no MQTT', () => {
    const path = join(folder, 'lost.pcapng')
    const file = new CaptureFile({ path, startEpochMicroseconds, showSecrets: false, failed: fail })
    const capture = file.open('127.0.0.1:50312', 0)

    capture.unreadable('client', Buffer.from('s3cr3t'), 0)
    capture.unreadable('server', Buffer.from('open'), 0)
    file.close()

    assert.equal(readFileSync(path).includes('s3cr3t'), false)
    assert.equal(readFileSync(path).includes('open'), true)
  })
})

test('a capture is for its owner alone, and a path that cannot be written is named', () => {
  const path = captured('mode.pcapng', [], '127.0.0.1:50312')

  assert.equal(statSync(path).mode & 0o777, 0o600)
  const elsewhere = join(folder, 'no', 'such', 'folder')
  assert.throws(
    () => new CaptureFile({ path: elsewhere, startEpochMicroseconds, showSecrets: false, failed: fail }),
    (error) => error instanceof MqttCliError && error.kind === 'local-io' && error.message.includes('ENOENT'),
  )
  assert.equal(existsSync(elsewhere), false)
})

test('a disk that is full is told once, and nothing throws', {
  skip: !existsSync('/dev/full') && 'no /dev/full',
}, () => {
  const failures: MqttCliError[] = []
  const failed = (error: MqttCliError) => failures.push(error)
  const file = new CaptureFile({ path: '/dev/full', startEpochMicroseconds, showSecrets: false, failed })

  file.open('127.0.0.1:50312', 0)
  file.flush()
  file.close()

  assert.deepEqual(
    failures.map(({ kind, details }) => [kind, details.facts?.code]),
    [['local-io', 'ENOSPC']],
  )
})
