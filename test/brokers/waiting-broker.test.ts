import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { listen } from '../support/network/free-port.ts'
import { runCli } from '../support/program/run-cli.ts'

/** MQTT 3.1.1, by hand: what each acknowledgement begins with, and what the broker says to it. */
const connack = Buffer.from('20020000', 'hex')
const puback = 0x40
const pubrec = 0x50
const pubcomp = 0x70
const highestId = 60_000

/**
 * A broker that has so many messages on their way and not one more: the next is sent when one was acknowledged, each
 * in a write of its own.
 */
class WaitingBroker {
  readonly #socket: Socket
  readonly #qos: 1 | 2
  readonly #count: number
  readonly #window: number
  #sent = 0
  #unread = Buffer.alloc(0)

  constructor(socket: Socket, qos: 1 | 2, count: number, window: number) {
    this.#socket = socket
    this.#qos = qos
    this.#count = count
    this.#window = window
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('data', (bytes) => this.#received(bytes))
  }

  /** Every packet of this test is shorter than 128 bytes. */
  #received(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes])
    while (this.#unread.length >= 2 && this.#unread.length >= 2 + this.#unread[1]!) {
      const packet = this.#unread.subarray(0, 2 + this.#unread[1]!)
      this.#unread = this.#unread.subarray(packet.length)
      this.#answer(packet)
    }
  }

  #answer(packet: Buffer): void {
    const type = packet[0]! & 0xf0
    if (type === 0x10) this.#socket.write(connack)
    else if (type === 0x80) this.#granted(packet)
    else if (type === pubrec) this.#socket.write(Buffer.from([0x62, 2, packet[2]!, packet[3]!]))
    else if (type === puback || type === pubcomp) this.#sendNext()
  }

  #granted(subscribe: Buffer): void {
    this.#socket.write(Buffer.from([0x90, 3, subscribe[2]!, subscribe[3]!, this.#qos]))
    for (let each = 0; each < this.#window; each++) this.#sendNext()
  }

  #sendNext(): void {
    if (this.#sent === this.#count) return
    const packetId = (this.#sent % highestId) + 1
    const payload = Buffer.from(`message ${this.#sent++}`)
    const header = [0x30 | (this.#qos << 1), 5 + payload.length, 0, 1, 0x61, packetId >> 8, packetId & 0xff]
    this.#socket.write(Buffer.concat([Buffer.from(header), payload]))
  }
}

async function waitingBroker(t: TestContext, qos: 1 | 2, count: number, window: number): Promise<number> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    new WaitingBroker(socket, qos, count, window)
  })
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return listen(server)
}

for (const qos of [1, 2] as const) {
  for (const window of [1, 10, 20, 1000]) {
    test(`sub -q ${qos} takes everything from a broker that sends ${window} and waits for an acknowledgement`, async (t) => {
      const count = 5000
      const port = await waitingBroker(t, qos, count, window)

      const sub = runCli([
        ...['sub', '-p', String(port), '-V', '3.1.1', '-t', 'a'],
        ...['-q', String(qos), '-C', String(count), '-W', '30'],
      ])

      const expected = Array.from({ length: count }, (_, index) => `message ${index}\n`).join('')
      assert.deepEqual([await sub.exitCode, await sub.stderr()], [0, ''])
      assert.equal((await sub.stdout()).toString(), expected)
    })
  }
}
