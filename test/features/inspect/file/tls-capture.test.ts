import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, connect as tcpConnect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { createServer as createTlsServer, type SecureVersion, connect as tlsConnect } from 'node:tls'
import { CapturedTalk, framesOf, pcapFile, type TalkSegment } from '../../../support/packets/captured-talk.ts'
import { fromHex } from '../../../support/packets/hex.ts'
import { inspectedCapture, packetsIn, packetWords } from '../../../support/packets/inspected-capture.ts'
import { temporaryFolder } from '../../../support/program/temp-folder.ts'
import { testCertificates } from '../../../support/transports/test-certificates.ts'

const folder = temporaryFolder()
const connect = fromHex('100f 0004 4d515454 04 02 003c 0003 616263')
const connack = fromHex('20020000')
const publish = (packetId: number) =>
  Buffer.concat([fromHex('32 0a 0003 612f62'), Buffer.from([0, packetId]), Buffer.from('xyz')])
const puback = (packetId: number) => Buffer.from([0x40, 2, 0, packetId])
const disconnect = fromHex('e000')

interface TlsTalk {
  readonly segments: readonly TalkSegment[]
  readonly keyLog: Buffer
}

interface TlsChoice {
  readonly version: SecureVersion
  readonly ciphers: string
}

/** What a real client and a real server said over TLS, and the key log of the server. */
async function tlsTalk({ version, ciphers }: TlsChoice, turns: number): Promise<TlsTalk> {
  const { certFile, keyFile } = testCertificates()
  const name = 'server'
  const keyLog: Buffer[] = []
  const server = createTlsServer(
    {
      cert: readFileSync(certFile(name)),
      key: readFileSync(keyFile(name)),
      minVersion: version,
      maxVersion: version,
      ciphers,
    },
    (socket) => {
      let taken = 0
      socket.on('data', (bytes: Buffer) => {
        if (!bytes.equals(disconnect)) socket.write(taken++ === 0 ? connack : puback(taken - 1))
      })
      socket.on('error', () => {})
    },
  )
  server.on('keylog', (line: Buffer) => keyLog.push(line))
  const talk = new CapturedTalk().open()
  const relay = createServer((client) => {
    const upstream = tcpConnect((server.address() as AddressInfo).port, '127.0.0.1')
    client.on('data', (bytes: Buffer) => upstream.write(talk.client(bytes) && bytes))
    upstream.on('data', (bytes: Buffer) => client.write(talk.server(bytes) && bytes))
    client.on('end', () => upstream.end()).on('error', () => {})
    upstream.on('end', () => client.end()).on('error', () => {})
  })
  for (const each of [server, relay]) await once(each.listen(0, '127.0.0.1'), 'listening')
  const client = tlsConnect({
    port: (relay.address() as AddressInfo).port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
  })
  await once(client, 'secureConnect')
  for (const packet of [connect, ...Array.from({ length: turns }, (_, index) => publish(index + 1))]) {
    client.write(packet)
    await once(client, 'data')
  }
  client.end(disconnect)
  await once(client, 'close')
  for (const each of [server, relay]) each.close()
  return { segments: talk.close().segments, keyLog: Buffer.concat(keyLog) }
}

function keyLogFile(keyLog: Buffer): string {
  const path = join(folder, `keys-${Math.random()}`)
  writeFileSync(path, keyLog, { mode: 0o600 })
  return path
}

const words = (ids: readonly number[]) => [
  '→ connect',
  '← connack',
  ...ids.flatMap((id) => [`→ publish ${id} a/b`, `← puback ${id}`]),
  '→ disconnect',
]

const choices: readonly TlsChoice[] = [
  { version: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' },
  { version: 'TLSv1.3', ciphers: 'TLS_AES_256_GCM_SHA384' },
  { version: 'TLSv1.3', ciphers: 'TLS_CHACHA20_POLY1305_SHA256' },
  { version: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256' },
  { version: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384' },
  { version: 'TLSv1.2', ciphers: 'ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-CHACHA20-POLY1305' },
]

for (const choice of choices) {
  test(`TLS is opened by a key log: ${choice.version}, ${choice.ciphers.split(':')[0]}`, async () => {
    const { segments, keyLog } = await tlsTalk(choice, 5)

    const events = await inspectedCapture(pcapFile(framesOf(segments)), { keyLogPath: keyLogFile(keyLog) })

    assert.deepEqual(packetWords(packetsIn(events)), words([1, 2, 3, 4, 5]))
    const [opened] = events
    assert.deepEqual(opened?.event === 'opened' && opened.carriers, [choice.version.replace('v', ' ')])
  })

  test(`behind a gap TLS is opened again: ${choice.version}, ${choice.ciphers.split(':')[0]}`, async () => {
    const { segments, keyLog } = await tlsTalk(choice, 8)
    const large = segments.map(({ fromClient, payload }, index) => ({
      index,
      isData: fromClient && payload.length > 0,
    }))
    const lost = large.filter(({ isData }) => isData).at(-5)?.index
    const file = pcapFile(framesOf(segments.filter((_, index) => index !== lost)))

    const events = await inspectedCapture(file, { keyLogPath: keyLogFile(keyLog) })

    const published = packetWords(packetsIn(events)).filter((word) => word.startsWith('→ publish'))
    assert.equal(published.length, 7, published.join())
    assert.equal(events.filter((event) => event.event === 'missing').length, 1)
  })
}

test('TLS without a key log, and with one of another connection, is counted as such', async () => {
  const { segments } = await tlsTalk(choices[0]!, 1)
  const { keyLog } = await tlsTalk(choices[0]!, 1)
  const file = pcapFile(framesOf(segments))
  const unreadable = async (keyLogPath?: string) => {
    const totals = (await inspectedCapture(file, keyLogPath === undefined ? {} : { keyLogPath })).at(-1)
    return totals?.event === 'capture' && totals.totals.unreadable
  }

  assert.deepEqual(await unreadable(), { 'tls-without-keys': 1 })
  assert.deepEqual(await unreadable(keyLogFile(keyLog)), { 'tls-not-known': 1 })
})
