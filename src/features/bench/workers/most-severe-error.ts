import type { MqttCliError } from '../../../errors.ts'

/** Several causes in one run: a broken rule counts before a loss, and that before a refusal (docs/exit-codes.md). */
const gravity: Readonly<Record<string, number>> = { refused: 1, lost: 2, protocol: 3 }

/** Of two reasons for which clients were lost, the one that decides the exit code; the first, where both do. */
export function mostSevereError(
  first: MqttCliError | undefined,
  next: MqttCliError | undefined,
): MqttCliError | undefined {
  if (first === undefined || next === undefined) return first ?? next
  return (gravity[next.kind] ?? 2) > (gravity[first.kind] ?? 2) ? next : first
}
