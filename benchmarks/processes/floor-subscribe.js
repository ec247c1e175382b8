// floor-subscribe.js PORT COUNT: the least that a reader in Node can do: scan packets in one read buffer, copy each
// payload and a newline into one write buffer, and write that to stdout after each read. No rule is checked, nothing
// is waited for, and only one topic and one payload size are understood. It is what `sub` is held against.
import { writeSync } from 'node:fs'
import { connect } from 'node:net'
import { connect311, disconnect, subscribe311 } from './mqtt-bytes.js'
import { payloadBytes, topic } from './packet-chunks.js'

const [port, count] = process.argv.slice(2).map(Number)
const headerBytes = 4 + topic.length
const packetBytes = headerBytes + payloadBytes
const buffer = Buffer.allocUnsafeSlow(64 * 1024)
const out = Buffer.allocUnsafeSlow(64 * 1024)
let held = Buffer.alloc(0)
let messages = 0
let isSubscribed = false

const onread = { buffer, callback: (length) => received(buffer.subarray(0, length)) }
const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread })
socket.write(Buffer.concat([connect311('bench-floor'), subscribe311(1, topic, 0)]))

function received(bytes) {
  const all = held.length === 0 ? bytes : Buffer.concat([held, bytes])
  let at = isSubscribed ? 0 : skipAnswers(all)
  let length = 0
  for (; at + packetBytes <= all.length; at += packetBytes) {
    if (length + payloadBytes + 1 > out.length) length = write(length)
    all.copy(out, length, at + headerBytes, at + packetBytes)
    length += payloadBytes
    out[length++] = 10
    messages++
  }
  write(length)
  held = Buffer.from(all.subarray(at))
  if (messages === count) socket.end(disconnect)
  return true
}

/** CONNACK and SUBACK; undivided and alone, which on loopback they are. */
function skipAnswers(bytes) {
  const at = bytes.indexOf(Buffer.from([0x90, 3])) + 5
  isSubscribed = at > 4
  return isSubscribed ? at : bytes.length
}

function write(length) {
  for (let at = 0; at < length; ) at += writeSync(1, out, at, length - at)
  return 0
}
