import { reasonCodeTable } from './reason-code-meaning.ts'

/** AUTH, MQTT 5 §3.15.2.1, with who may send each. */
export const auth5 = reasonCodeTable([
  [0x00, 'Success', 'The broker is satisfied; authentication is complete.', [], 'server'],
  [0x18, 'Continue authentication', 'Another step of the exchange, with data for the other side.'],
  [0x19, 'Re-authenticate', 'The client starts authentication anew on the open connection.', [], 'client'],
])
