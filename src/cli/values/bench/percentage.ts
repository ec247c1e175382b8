import { usageError } from '../../usage-error.ts'

const most = 1000

/** `5%` or `5`: a share, 0.05. */
export function percentage(text: string, flag: string): number {
  const [, number] = /^(\d+(?:\.\d+)?|\.\d+)\s*%?$/.exec(text.trim()) ?? []
  const percent = Number(number)
  if (number !== undefined && percent <= most) return percent / 100
  throw usageError(`${flag} is no percentage: ${JSON.stringify(text)}`, `give 0 to ${most}, as 5% or 2.5%`)
}
