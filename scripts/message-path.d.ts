export interface MessagePathRow {
  readonly about: string
  readonly daily: string
  readonly files: readonly string[]
}
export const messagePath: readonly MessagePathRow[]
export const transports: readonly string[]
export const brokers: readonly string[]
