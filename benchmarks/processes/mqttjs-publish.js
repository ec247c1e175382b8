// mqttjs-publish.js PORT COUNT QOS: publishes COUNT messages of 64 bytes with MQTT.js, as a load script over it does.
import mqtt from 'mqtt'

const [port, count, qos] = process.argv.slice(2).map(Number)
const inflight = 1000
const payload = Buffer.alloc(64, 'x')
const client = mqtt.connect({ host: '127.0.0.1', port, protocolVersion: 5 })
let sent = 0
let done = 0

client.on('connect', fill)
client.on('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})

function fill() {
  while (sent < count && sent - done < inflight) {
    sent++
    client.publish('bench/0', payload, { qos }, ended)
  }
}

function ended(error) {
  if (error) throw error
  done++
  if (done === count) client.end()
  else if (sent - done < inflight / 2) fill()
}
