import assert from 'node:assert/strict'
import { MqttCliError } from '../../../src/errors.ts'

/** The usage error that `read` ends with. */
export function refused(read: () => unknown): MqttCliError {
  try {
    read()
  } catch (error) {
    assert.ok(error instanceof MqttCliError, String(error))
    assert.equal(error.kind, 'usage')
    assert.ok((error.details.tries ?? []).length > 0, 'says nothing to try')
    return error
  }
  assert.fail('was accepted')
}

/** Everything of an error that may be printed. */
export function printed({ message, details }: MqttCliError): string {
  const { cause: _, ...rest } = details
  return `${message} ${JSON.stringify(rest)}`
}
