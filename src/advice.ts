/**
 * What would help, as it is said below the command line: in a sentence of its own, or by a key with what belongs to it.
 * Connection and features do not know the flags of the command they work for; `command/advice.ts` words each key with
 * them, and leaves out what the command at hand does not offer.
 */
export type Advice = string | KeyedAdvice

export type KeyedAdvice =
  | { readonly [Key in keyof AdviceFacts]: { readonly try: Key } & AdviceFacts[Key] }[keyof AdviceFacts]
  | { readonly try: PlainAdvice }

/** How a command words advice: with its own flags, or not at all where it has none for it. */
export type Wording = (advice: Advice) => string | undefined

/** What is said first, and holds whether or not there is anything to try. */
interface Because {
  readonly because: string
}

/** Keys that need to know something. */
export interface AdviceFacts {
  trace: { readonly toSee: string }
  'longer-connect-timeout': { readonly ifSlow?: 'network' | 'broker' }
  'shorter-keep-alive': { readonly keepAliveSeconds: number }
  'version-at-once': Because & { readonly version: string }
  'list-web-origin': Because
  /** `account`: what became of the messages. */
  'time-is-up': { readonly seconds: number; readonly until?: string; readonly account?: string }

  // TLS
  'interchanged-files': { readonly certFile: string; readonly keyFile: string }
  'weaker-ciphers-for-broker': { readonly ciphers: string }
  'weaker-ciphers-for-files': { readonly ciphers: string }
  'old-tls-version': { readonly version: string; readonly ciphers: string }

  // decode
  'say-version': Because
  'say-sender': Because

  // bench, before a run
  'impossible-name': {
    readonly of: 'topic' | 'will-topic' | 'filter'
    readonly index: number
    readonly problem: string
  }
  'same-client-id': { readonly index: number }
  'smaller-window': Because
  'no-place-for-figures': { readonly place: string; readonly code: string }

  // bench, after it
  'lower-rate-or-free-core': Because
  'free-core-or-lower-rate': Because
  'lower-rate-or-workers': Because & { readonly workers: number }
  'paced-or-workers': Because & { readonly workers: number }
  'more-generators': Because & { readonly workers: number }
  'version-5-matches': Because
  'something-due': Because
  'shorter-warmup': Because
  'matching-topics': Because
  'longer-drain-for-all': Because
  'less-load': Because
  'rate-below-that': Because
  'lower-start': Because
  'one-clock': Because
}

/** Keys that say it all. */
export type PlainAdvice =
  | 'compare-across'
  | 'lenient-flags'
  | 'longer-wait'
  | 'lower-qos'
  | 'fewer-filters'
  | 'fewer-filters-each'
  | 'tls-for-tls-port'
  | 'older-version'
  | 'other-id'
  | 'other-port'
  | 'other-web-socket-port'
  | 'web-socket-headers'
  // TLS
  | 'no-server-name'
  | 'other-server-name'
  | 'name-server'
  | 'tls-version-asks'
  | 'tls-version-is-off'
  | 'no-tls-version'
  | 'no-tls-limits'
  | 'alpn-asks'
  | 'other-alpn'
  | 'name-authority'
  | 'trust-this-certificate'
  | 'authority-elsewhere'
  | 'unverified'
  | 'client-certificate'
  | 'give-passphrase'
  | 'check-passphrase'
  | 'which-file-is-which'
  // publish, subscribe, broker, inspect, proxy
  | 'trace-meanwhile'
  | 'input-as-one'
  | 'input-by-line'
  | 'empty-message'
  | 'server-certificate'
  | 'bytes-of-fields'
  | 'other-version-or-sender'
  | 'other-sender'
  | 'decoded-shape'
  | 'kept-secrets'
  | 'check-target'
  // bench
  | 'embedded-broker'
  | 'longer-drain'
  | 'longer-answer'
  | 'other-ping-topic'
  | 'ping-without-rights'
  | 'longer-rendezvous'
  | 'other-rendezvous'
  | 'lower-connect-rate'
  | 'other-place-for-figures'
  | 'more-addresses'
  | 'more-ports'
  | 'smaller-messages'
  | 'shorter-client-id'
  | 'version-of-long-ids'
  | 'numbered-client-id'
  | 'harmless-names'
  | 'other-filter'
