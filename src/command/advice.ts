// Advice from below in the words of the command at hand. One table: a key of `src/advice.ts`, the flags it needs, the words.

import type { Advice, AdviceFacts, PlainAdvice } from '../advice.ts'

/** The flags of a command as they are typed: `--port`, `-p`. */
type OfferedFlags = ReadonlySet<string>

/** What a command declares of its flags, by their names. */
export type DeclaredFlags = Readonly<
  Record<string, { readonly char?: string | undefined; readonly hidden?: boolean | undefined }>
>

export function offeredFlags(declared: DeclaredFlags): OfferedFlags {
  const shown = Object.entries(declared).filter(([, { hidden }]) => hidden !== true)
  return new Set(shown.flatMap(([name, { char }]) => [`--${name}`, ...(char === undefined ? [] : [`-${char}`])]))
}

/** The advice in the words of a command that offers these flags; undefined where it has no flag for it. */
export function wordsOf(advice: Advice, offered: OfferedFlags): string | undefined {
  if (typeof advice === 'string') return advice
  const { flags, words } = table[advice.try] as Row<unknown>
  const named = flags.map((each) => each.split('|').find((flag) => offered.has(flag)))
  if (named.every((flag) => flag !== undefined)) return words(named, advice)
  return 'because' in advice ? advice.because : undefined
}

interface Row<Facts> {
  /** What the words name. `--port|--listen`: the first of them that the command has. */
  readonly flags: readonly string[]
  readonly words: (flags: readonly string[], facts: Facts) => string
}

type Table = { readonly [Key in keyof AdviceFacts]: Row<AdviceFacts[Key]> } & {
  readonly [Key in PlainAdvice]: Row<unknown>
}

/** With flags: `say(['--drain'], ([drain]) => …)`. */
function say<Facts>(flags: readonly string[], words: Row<Facts>['words']): Row<Facts> {
  return { flags, words }
}

/** Every piece of advice that names a flag, in the order of `src/advice.ts`. */
const table: Table = {
  trace: say(['--trace'], ([trace], { toSee }) => `run it again with ${trace} to see ${toSee}`),
  'longer-connect-timeout': say(
    ['--connect-timeout'],
    ([timeout], { ifSlow }) => `a longer ${timeout}${ifSlow === undefined ? '' : `, for a slow ${ifSlow}`}`,
  ),
  'shorter-keep-alive': say(
    ['--keepalive'],
    ([keepAlive], { keepAliveSeconds }) => `a shorter ${keepAlive} than ${keepAliveSeconds} s finds this sooner`,
  ),
  'version-at-once': say(['-V'], ([version], facts) => `${facts.because}; ${version} ${facts.version} spares the wait`),
  'list-web-origin': say(['--ws-origin'], ([origin], { because }) => `${because}; ${origin} lets it in`),
  'time-is-up': say(['-W'], ([wait], { seconds, until, account }) => {
    const gaveUp = `Gave up after ${seconds} s, as ${wait} asked`
    const failed = until === undefined ? '' : `; until then: ${until}`
    return `${gaveUp}${failed}${account === undefined ? '' : `. ${account}`}`
  }),

  'interchanged-files': say(
    ['--cert', '--key'],
    ([cert, key], { certFile, keyFile }) =>
      `${cert} ${certFile} holds a private key, and ${key} ${keyFile} a certificate: they are interchanged`,
  ),
  'weaker-ciphers-for-broker': say(
    ['--ciphers'],
    ([flag], { ciphers }) => `take it from this broker all the same: ${flag} ${ciphers}`,
  ),
  'weaker-ciphers-for-files': say(
    ['--ciphers'],
    ([flag], { ciphers }) => `take what is weak all the same: ${flag} ${ciphers}`,
  ),
  'old-tls-version': say(
    ['--tls-version', '--ciphers'],
    ([tlsVersion, flag], { version, ciphers }) =>
      `allow it, for this broker: ${tlsVersion} ${version} ${flag} ${ciphers}`,
  ),

  'say-version': say(['-V'], ([version], { because }) => `${because}; ${version} says it`),
  'say-sender': say(['--sender'], ([sender], { because }) => `${because}; ${sender} client|server says it`),

  'impossible-name': say(
    ['--topic', '--will-topic', '--filter'],
    (_, { of, index, problem }) => `--${of} with the names of client ${index}: ${problem}`,
  ),
  'same-client-id': say(
    ['--client-id'],
    ([id], { index }) => `${id} gives client ${index} the identifier of another: a broker has one client of each`,
  ),
  'smaller-window': say(
    ['--inflight'],
    ([window], { because }) => `${because}: fewer clients, or a smaller window with ${window}`,
  ),
  'no-place-for-figures': say(
    ['--prometheus'],
    ([prometheus], { place, code }) => `${prometheus} could not listen on ${place} (${code})`,
  ),

  'compare-across': say(['--across'], ([across]) => `${across} compares them all the same, and says what differs`),
  'lower-rate-or-free-core': say(
    ['--rate'],
    ([rate], { because }) => `${because}: a lower ${rate}, fewer clients, or a machine with a free core`,
  ),
  'free-core-or-lower-rate': say(
    ['--rate'],
    ([rate], { because }) => `${because}: a machine with a free core, fewer clients, or a lower ${rate}`,
  ),
  'lower-rate-or-workers': say(
    ['--rate', '--workers'],
    ([rate, flag], { because, workers }) =>
      `${because}: a lower ${rate}, or ${flag} ${workers}, on a machine with a core for each,`,
  ),
  'paced-or-workers': say(
    ['--rate', '--workers'],
    ([rate, flag], { because, workers }) =>
      `${because}. ${rate} measures at a rate that both can make; ${flag} ${workers}, on a machine with a core for each, makes more`,
  ),
  'more-generators': say(
    ['--workers'],
    ([flag], { because, workers }) => `${because}: ${flag} ${workers}, on a machine with a core for each, makes more`,
  ),
  'version-5-matches': say(['-V'], ([version], { because }) => `${because}; ${version} 5 does both`),
  'something-due': say(
    ['--duration', '--rate'],
    ([duration, rate], { because }) =>
      `${because}: a longer ${duration}, a ${rate} that has something due, or a broker that reads`,
  ),
  'shorter-warmup': say(['--warmup'], ([warmup], { because }) => `${because}: a longer run, or a shorter ${warmup}`),
  'matching-topics': say(
    ['--topic', '--filter'],
    ([topic, filter], { because }) =>
      `${because}: start bench pub while this runs, and look whether ${topic} or ${filter} matches its topics`,
  ),
  'longer-drain-for-all': say(['--drain'], ([drain], { because }) => `${because}: a longer ${drain}`),
  'less-load': say(
    ['--rate'],
    ([rate], { because }) => `${because}; look into the log of the broker, or take fewer clients or a lower ${rate}`,
  ),
  'rate-below-that': say(
    ['--rate', '--duration'],
    ([rate, duration], { because }) => `${because}: a ${rate} below that, or a longer ${duration}`,
  ),
  'lower-start': say(
    ['--start'],
    ([start], { because }) => `${because}: begin lower with ${start}, or ask less of the broker`,
  ),
  'one-clock': say(
    ['--pair', '--rendezvous'],
    ([pair, rendezvous], { because }) =>
      `${because}: run chrony on all machines, have a publisher and its subscriber on one shard (${pair}, the default), or let shards ask each other through a nearer broker with ${rendezvous}`,
  ),

  'lenient-flags': say(['--lenient'], ([lenient]) => `${lenient} flags notes it and goes on`),
  'longer-wait': say(['-W'], ([wait]) => `a longer ${wait}`),
  'lower-qos': say(['--qos'], ([qos]) => `a lower ${qos}: some brokers do not have QoS 2`),
  'fewer-filters': say(['--qos'], ([qos]) => `fewer topic filters, or a lower ${qos}`),
  'fewer-filters-each': say(
    ['--filters-per-subscribe'],
    ([filters]) => `${filters} 8: some brokers (AWS IoT Core) take eight in one packet, and close on nine`,
  ),
  'tls-for-tls-port': say(
    ['--tls', '--cafile'],
    ([tls, authority]) => `${tls}, ${authority} or mqtts:// for a TLS port`,
  ),
  'older-version': say(
    ['-V'],
    ([version]) => `${version} 3.1.1 or ${version} 3.1 for an old broker: the version then has the whole deadline`,
  ),
  'other-id': say(['--id|--client-id'], ([id]) => `another ${id}`),
  'other-port': say(['--port|--listen'], ([port]) => `choose another port with ${port}; 0 takes a free one`),
  'other-web-socket-port': say(
    ['--ws-port|--listen'],
    ([port]) => `choose another port with ${port}; 0 takes a free one`,
  ),
  'web-socket-headers': say(['--ws-header'], ([header]) => `send what it asks for: ${header}`),

  'no-server-name': say(['--tls-sni'], ([name]) => `leave ${name} out: the IP address is verified without it`),
  'other-server-name': say(['--tls-sni'], ([name]) => `verify another name: ${name} NAME`),
  'name-server': say(['--tls-sni'], ([name]) => `name it: ${name} NAME`),
  'tls-version-asks': say(['--tls-version'], ([version]) => `${version} asks for another one`),
  'tls-version-is-off': say(
    ['--tls-version'],
    ([version]) => `${version} asks for a version that the broker has switched off`,
  ),
  'no-tls-version': say(['--tls-version'], ([version]) => `leave ${version} out`),
  'no-tls-limits': say(['--ciphers', '--tls-version'], ([ciphers, version]) => `leave ${ciphers} and ${version} out`),
  'alpn-asks': say(['--tls-alpn'], ([alpn]) => `${alpn} names a protocol that it does not speak`),
  'other-alpn': say(['--tls-alpn'], ([alpn]) => `leave ${alpn} out, or ask which name the broker expects`),
  'name-authority': say(['--cafile'], ([authority]) => `name the authority that signed it: ${authority} FILE`),
  'trust-this-certificate': say(['--cafile'], ([authority]) => `trust exactly this certificate: ${authority} FILE`),
  'authority-elsewhere': say(
    ['--cafile'],
    ([authority]) => `the certificate is that of an authority: it belongs to ${authority}`,
  ),
  unverified: say(['--insecure'], ([insecure]) => `for a test only: ${insecure}`),
  'client-certificate': say(
    ['--to-cert|--cert', '--to-key|--key'],
    ([cert, key]) => `name a certificate and key that the broker accepts: ${cert} FILE ${key} FILE`,
  ),
  'give-passphrase': say(['--keypw'], ([passphrase]) => `give it: ${passphrase} PASSPHRASE`),
  'check-passphrase': say(['--keypw'], ([passphrase]) => `check ${passphrase}`),
  'which-file-is-which': say(
    ['--cafile', '--cert', '--key'],
    ([authority, cert, key]) => `check which file is which: ${authority}, ${cert}, ${key}`,
  ),

  'trace-meanwhile': say(['--trace'], ([trace]) => `${trace} shows what arrived meanwhile`),
  'input-as-one': say(
    ['-s'],
    ([whole]) => `${whole} sends the whole of standard input as one message, up to that size`,
  ),
  'input-by-line': say(['-l'], ([lines]) => `${lines} sends each line as a message of its own`),
  'empty-message': say(
    ['-n', '-r'],
    ([empty, retain]) => `${empty} publishes an empty message, which deletes a retained one with ${retain}`,
  ),
  'server-certificate': say(
    ['--cert', '--key'],
    ([cert, key]) => `name both files, in PEM: ${cert} server.crt ${key} server.key`,
  ),
  'bytes-of-fields': say(['--view'], ([view]) => `${view} hex shows the bytes of each field`),
  'other-version-or-sender': say(
    ['-V', '--sender'],
    ([version, sender]) => `${version} and ${sender}, if it is another version or the other direction`,
  ),
  'other-sender': say(['--sender'], ([sender]) => `${sender}, if it is the other direction`),
  'decoded-shape': say([], () => 'inspect decode --json prints this shape'),
  'kept-secrets': say([], () => 'decode with --show-secrets to keep it'),
  'check-target': say(['--to'], ([target]) => `check ${target}`),

  'embedded-broker': say(
    ['--embedded'],
    ([embedded]) => `${embedded} starts a broker inside this run, mqtt-cli broker one beside it`,
  ),
  'longer-drain': say(['--drain'], ([drain]) => `a longer ${drain}`),
  'longer-answer': say(['--answer-timeout'], ([timeout]) => `a longer ${timeout}`),
  'other-ping-topic': say(['--topic'], ([topic]) => `a topic that this user may use: ${topic}`),
  'ping-without-rights': say(['--round-trip'], ([trip]) => `without ${trip}, PINGREQ needs no rights`),
  'longer-rendezvous': say(['--rendezvous-timeout'], ([timeout]) => `a longer ${timeout}`),
  'other-rendezvous': say(['--rendezvous'], ([rendezvous]) => `another broker for it: ${rendezvous}`),
  'lower-connect-rate': say(['--connect-rate'], ([rate]) => `fewer clients, or a lower ${rate}`),
  'other-place-for-figures': say(['--prometheus'], ([prometheus]) => `another port: ${prometheus} 9464`),
  'more-addresses': say(
    ['--ifaddr'],
    ([address]) => `more local addresses: ${address}; or widen net.ipv4.ip_local_port_range`,
  ),
  'more-ports': say(
    ['--ifaddr'],
    ([address]) => `widen net.ipv4.ip_local_port_range, or name more local addresses with ${address}`,
  ),
  'smaller-messages': say(
    ['--size', '--template', '--payload-file'],
    ([size, template, file]) => `smaller messages: ${size}, ${template}, ${file}`,
  ),
  'shorter-client-id': say(['--client-id'], ([id]) => `a shorter ${id}: bench-%r-%i has 15 and the number`),
  'version-of-long-ids': say(['-V'], ([version]) => `${version} 3.1.1 or ${version} 5`),
  'numbered-client-id': say(['--client-id'], ([id]) => `${id} with %i, as bench-%i: the number of the client`),
  'harmless-names': say(
    ['--client-id', '--username', '--credentials'],
    ([id, user, credentials]) => `use %i, or names without + and # in ${id}, ${user} and ${credentials}`,
  ),
  'other-filter': say(['--topic', '--filter'], ([topic, filter]) => `another ${topic} or ${filter}`),
}
