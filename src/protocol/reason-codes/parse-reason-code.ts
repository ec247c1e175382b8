import { reasonCodesOf } from '../reason-codes.ts'

const firstFailure = 0x80
const largestCode = 0xff

/** Packets that refuse something, the likeliest first. */
const refusing = ['connack', 'suback', 'puback', 'unsuback', 'disconnect'] as const

/** `0x87`, `135`, `not-authorized`, `Not authorized`: the reason code of a refusal at MQTT 5. */
export function parseReasonCode(text: string): number | undefined {
  if (/^(0x[0-9a-f]{1,2}|\d{1,3})$/i.test(text)) return failureCode(Number(text))
  const wanted = worded(text)
  for (const packet of refusing) {
    for (const { code, name } of reasonCodesOf(packet, 5).values()) {
      if (code >= firstFailure && worded(name) === wanted) return code
    }
  }
  return undefined
}

/** Any code of a failure, also one that the standard knows nothing of: how a client takes that is worth a test. */
function failureCode(code: number): number | undefined {
  return code >= firstFailure && code <= largestCode ? code : undefined
}

function worded(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}
