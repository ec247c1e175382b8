// mqttjs-subscribe.js PORT COUNT: counts COUNT messages with MQTT.js, and looks at nothing in them.
import mqtt from 'mqtt'

const [port, count] = process.argv.slice(2).map(Number)
const client = mqtt.connect({ host: '127.0.0.1', port, protocolVersion: 5, reconnectPeriod: 0 })
let received = 0

client.on('connect', () => client.subscribe('bench/0'))
client.on('message', () => {
  if (++received === count) client.end(true)
})
client.on('close', () => {
  if (received === count) return
  process.stderr.write(`${received} of ${count} came\n`)
  process.exitCode = 1
})
