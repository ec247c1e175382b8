import { setPriority } from 'node:os'
import { attacks, type Ports } from './hostile-clients.ts'

/** A process of its own: carries out its attacks side by side, round after round, until it is killed. */
const [ports = '', ...names] = process.argv.slice(2)
setPriority(19) // it is the broker and the innocent that are watched, and not who gets the processor
const [mqtt = 0, webSocket = 0] = ports.split(',').map(Number)
process.stdout.write('begun\n')
await Promise.all(names.map((name) => goOn(name, { mqtt, webSocket })))

async function goOn(name: string, where: Ports): Promise<void> {
  for (let round = 0; ; round++) {
    await attacks[name]!(where, round)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
