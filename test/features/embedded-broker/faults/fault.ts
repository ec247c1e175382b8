import { bytesOf, type Model, type Version } from './well-formed.ts'

/** A packet with exactly one thing wrong, the same packet with nothing wrong, and the rule that has to be named. */
export interface Fault {
  readonly name: string
  readonly version: Version
  readonly rule: string
  readonly faulty: Buffer
  readonly twin: Buffer
  /** What the broker expects before: 'nothing' when the packet is the first of its connection. */
  readonly after: 'connect' | 'nothing' | 'disconnect'
}

export type Rules = { readonly v5: string; readonly below: string }

export function ruleFor({ v5, below }: Rules, version: Version): string {
  return version === 5 ? v5 : below
}

export function fault(what: string, twin: Model, faulty: Model | Buffer, rule: string): Fault {
  return {
    name: `${twin.packet} 0x${twin.first.toString(16)} ${what}, version ${twin.version}`,
    version: twin.version,
    rule,
    faulty: Buffer.isBuffer(faulty) ? faulty : bytesOf(faulty),
    twin: bytesOf(twin),
    after: twin.packet === 'connect' ? 'nothing' : 'connect',
  }
}
