import { usageError } from './usage-error.ts'

/** Of an input, what says where the broker is. */
interface Said {
  readonly flags: Readonly<Record<string, unknown>>
  readonly typed: ReadonlySet<string>
  readonly words: readonly string[]
}

const url = /^[a-z][a-z0-9+.-]*:\/\//i
/** As the first word only these are URLs: any other `x://…` may be a topic. */
const brokerUrl = /^(?:mqtts?|tcp|ssl|tls|wss?|unix):\/\//i
const bracketed = /^\[([^\]/@]+)\](?::(\d{1,5}))?$/
const withPort = /^([^:/@[\],\s]+):(\d{1,5})$/
/** `host`, `host:port`, `host:port/topic`, `user:password@host`: what people give `-L` who know it from elsewhere. */
const withoutScheme = /^(?:[^@/\s]+@)?(?:\[[^\]/@]+\]|[^:/@?\s[\]]+)(?::(\d{1,5}))?(?:\/.*)?$/s
const tlsPort = '8883'

/**
 * Takes a target where its meaning is plain, whatever flag it stands in: `-h host:port`, `-h '[::1]'`, a URL in `-h` or as
 * the first word, `-L host:port`. What contradicts itself is an error.
 */
export function withPlainTarget(said: Said): Said {
  return withUrlOfHost(withUrlOfWord(withScheme(said)))
}

function withScheme(said: Said): Said {
  const given = said.flags.url
  if (typeof given !== 'string' || url.test(given) || !said.typed.has('url')) return said
  const [, port] = withoutScheme.exec(given) ?? []
  if (!withoutScheme.test(given)) return said
  return { ...said, flags: { ...said.flags, url: `${port === tlsPort ? 'mqtts' : 'mqtt'}://${given}` } }
}

function withUrlOfWord(said: Said): Said {
  const [first, ...words] = said.words
  const isNamed = ['url', 'host', 'unix', 'topic'].some((name) => said.typed.has(name))
  if (first === undefined || isNamed || !brokerUrl.test(first)) return said
  return { flags: { ...said.flags, url: first }, typed: new Set([...said.typed, 'url']), words }
}

function withUrlOfHost(said: Said): Said {
  const { host, ...flags } = said.flags
  if (typeof host !== 'string') return said
  if (url.test(host)) {
    if (said.typed.has('url') || !said.typed.has('host')) return said
    const typed = new Set([...said.typed, 'url'].filter((name) => name !== 'host'))
    return { ...said, flags: { ...flags, url: host }, typed }
  }
  const [, name, port] = bracketed.exec(host) ?? withPort.exec(host) ?? []
  if (name === undefined) return said
  if (port === undefined) return { ...said, flags: { ...flags, host: name } }
  return withPortOfHost({ ...said, flags: { ...flags, host: name } }, port)
}

function withPortOfHost(said: Said, port: string): Said {
  if (said.typed.has('port') && said.flags.port !== port) {
    throw usageError(`--host has port ${port}, and --port says otherwise`, 'leave one of them out')
  }
  const typed = said.typed.has('host') ? new Set([...said.typed, 'port']) : said.typed
  return { ...said, flags: { ...said.flags, port }, typed }
}
