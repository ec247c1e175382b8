import { startEmbeddedBroker } from '../../../src/features/embedded-broker/start-embedded-broker.ts'

/**
 * A process of its own: a broker in which a message to `throw` or `reject` leads, some turns of the event loop later,
 * to an error that nobody catches. It tells its port, and each error that it could pin on a connection.
 */
const broker = await startEmbeddedBroker({
  host: '127.0.0.1',
  tcpPort: 0,
  onEvent: (event) => {
    if (event.event === 'published' && event.topic === 'throw') {
      setTimeout(() => {
        throw new Error('thrown')
      }, 5)
    }
    if (event.event === 'published' && event.topic === 'reject') setTimeout(() => void rejecting(), 5)
    if (event.event === 'fault') process.stdout.write(`fault ${event.clientId}\n`)
  },
})

async function rejecting(): Promise<void> {
  await null
  throw new Error('rejected')
}

process.on('uncaughtException', (error) => {
  if (!broker.endConnectionAtFault(error)) process.exit(1)
})
process.stdout.write(`listening ${broker.tcpAddress?.port}\n`)
