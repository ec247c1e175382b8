/** What two machines of a run send each other to learn how their clocks stand. Times: microseconds since the epoch. */
export type ClockMessage =
  | { readonly clock: 'question'; readonly from: number; readonly number: number; readonly asked: number }
  | {
      readonly clock: 'answer'
      readonly from: number
      readonly number: number
      readonly asked: number
      readonly heard: number
      readonly answered: number
    }

export function clockMessageBytes(message: ClockMessage): Buffer {
  return Buffer.from(JSON.stringify(message))
}

/** Undefined for what somebody else publishes there. */
export function readClockMessage(payload: Uint8Array): ClockMessage | undefined {
  const parsed = parsedObject(payload)
  if (parsed?.clock === 'question' && areNumbers(parsed, ['from', 'number', 'asked'])) return parsed as ClockMessage
  const wanted = ['from', 'number', 'asked', 'heard', 'answered']
  return parsed?.clock === 'answer' && areNumbers(parsed, wanted) ? (parsed as ClockMessage) : undefined
}

function parsedObject(payload: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload).toString())
    return typeof parsed === 'object' && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}

function areNumbers(parsed: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return names.every((name) => Number.isSafeInteger(parsed[name]))
}
