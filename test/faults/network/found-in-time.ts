import assert from 'node:assert/strict'

const keepAliveSeconds = 2
/** [MQTT5 §3.1.2.10], and a second; a busy machine gets two more. */
const foundWithinMs = 1.5 * keepAliveSeconds * 1000 + 1000 + 2000
export const flags = ['-k', String(keepAliveSeconds), '--reconnect-for', '0']

export function assertFoundInTime(beganMs: number): void {
  const tookMs = performance.now() - beganMs
  assert.ok(tookMs < foundWithinMs, `it took ${Math.round(tookMs)} ms`)
  assert.ok(tookMs > keepAliveSeconds * 500, 'it ended by something else')
}
