// floor-proxy.js FROM TO [CERT KEY]: the least that a proxy in Node can be: two sockets piped into each other, with CERT and
// KEY two of TLS. It looks at nothing.
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'

const [from, to] = process.argv.slice(2, 4).map(Number)
const [cert, key] = process.argv.slice(4).map((file) => readFileSync(file))
const target = { port: to, host: '127.0.0.1', noDelay: true }
const open = () => (cert === undefined ? connect(target) : connectTls({ ...target, rejectUnauthorized: false }))

const accept = (client) => {
  const server = open()
  for (const socket of [client, server]) socket.setNoDelay(true)
  client.on('error', () => server.destroy()).pipe(server)
  server.on('error', () => client.destroy()).pipe(client)
}
const server = cert === undefined ? createServer(accept) : createTlsServer({ cert, key }, accept)
server.listen(from, '127.0.0.1', () => process.stdout.write('ready\n'))
