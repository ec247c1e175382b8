import { usageError } from '../usage-error.ts'

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  kib: 1024,
  mib: 1024 ** 2,
  gb: 1000 ** 3,
  gib: 1024 ** 3,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
}

export function byteSize(text: string, flag: string, maximumBytes: number): number {
  const [, number, unit = ''] = /^(\d+)\s*([a-z]*)$/i.exec(text) ?? []
  const factor = Object.hasOwn(unitBytes, unit.toLowerCase()) ? unitBytes[unit.toLowerCase()] : undefined
  const bytes = number === undefined || factor === undefined ? Number.NaN : Number(number) * factor
  if (bytes >= 1 && bytes <= maximumBytes) return bytes
  throw usageError(
    `${flag} is not a size in its range: ${JSON.stringify(text)}`,
    `give 1 to ${maximumBytes} bytes, or a number with kB, KiB, MB, MiB, GB or GiB`,
  )
}
