import { connectionFlags } from './connection.ts'
import { flagGroup, listFlag, switchFlag, valueFlag } from './flag.ts'
import { loginFlags } from './login.ts'
import { sessionFlags } from './session.ts'
import { tlsFlags } from './tls.ts'
import { willFlags } from './will.ts'

const loadFlags = flagGroup('LOAD', {
  clients: valueFlag({ letter: 'c', value: 'count', summary: 'Clients of each side; 1 by default.' }),
  publishers: valueFlag({ value: 'count', summary: 'Publishers; as many as --clients by default.' }),
  subscribers: valueFlag({ value: 'count', summary: 'Subscribers; as many as --clients by default.' }),
  rate: valueFlag({
    value: 'number',
    summary: 'Messages per second of the whole run, as 5000, 5000/s, 30/m or 90/h; as fast as it goes by default.',
  }),
  'rate-per-client': valueFlag({ value: 'number', summary: 'Messages per second of each publisher.' }),
  arrival: valueFlag({
    value: 'uniform|poisson',
    summary: 'How messages are spaced at a rate: evenly (default), or at random.',
  }),
  stages: valueFlag({
    value: 'duration:rate,…',
    summary: 'Go in a line to each rate, per second, in its time: 10s:1000,60s:5000.',
  }),
  duration: valueFlag({ value: 'seconds', summary: 'How long is measured, seconds; 10 by default.' }),
  messages: valueFlag({ value: 'count', summary: 'End after this many messages of all publishers.' }),
  warmup: valueFlag({
    value: 'seconds',
    summary: 'Load before measuring begins, seconds; 1 by default, 0 with --messages.',
  }),
  workers: valueFlag({
    value: 'count|auto',
    summary: 'Threads that have the clients among them; auto takes the cores that there are; 1 by default.',
  }),
  'connect-rate': valueFlag({
    letter: 'R',
    value: 'number',
    summary: 'Connections begun per second; as fast as the broker lets them in by default.',
  }),
  churn: valueFlag({
    value: 'count',
    summary: 'bench conn: drop all connections at once and make them again, so many times.',
  }),
  inflight: valueFlag({
    letter: 'F',
    value: 'count',
    summary:
      'Most QoS 1 and 2 messages of a publisher on their way at once, the broker’s own limit by default; at QoS 0 without a rate, of all.',
  }),
  drain: valueFlag({
    value: 'seconds',
    summary: 'Take at most this long for what is still on its way, writing included, seconds; 10 by default.',
  }),
  ruler: valueFlag({
    value: 'seconds',
    summary:
      'Load a sink of its own so long before and after, to see whether this machine changed, seconds; 0 by default.',
  }),
  'no-ask-broker': switchFlag({
    summary: 'Do not ask the broker for its version, on a connection of its own, once the load is over.',
  }),
  quiet: switchFlag({ summary: 'No lines while it runs, and no notes; the result and the exit code tell.' }),
})

const messageFlags = flagGroup('MESSAGE', {
  topic: listFlag({
    letter: 't',
    value: 'pattern',
    summary:
      'Topic, bench/%i by default; %i is the number of the client, %i(0..9) that within a pool, %rand(10) one of ten by chance, %c its identifier, %u its user, %s the number of the message, %r the run; bench sub takes several.',
  }),
  filter: listFlag({
    value: 'pattern',
    summary:
      'What subscribers subscribe to, with the same places; what the topic asks for by default; bench sub takes several.',
  }),
  share: valueFlag({ value: 'group', summary: 'Subscribe as one group, of which each message reaches one.' }),
  qos: valueFlag({ letter: 'q', value: '0|1|2', summary: 'QoS of messages and subscriptions; 0 by default.' }),
  size: valueFlag({
    letter: 's',
    value: 'bytes',
    summary:
      'Payload, bytes, at least 24; or a range: 64-1024; or sizes with their shares: 64:90,4096:10; 64 by default.',
  }),
  template: valueFlag(
    {
      value: 'text|@path',
      summary:
        'Payload with the places of --topic, %t (milliseconds since 1970), %T (the date), %n(18.0,25.5) (a number at random) and %%.',
    },
    { onlyOnce: true },
  ),
  'payload-file': valueFlag(
    { value: 'path', summary: 'Payload: the bytes of this file, as they are.' },
    { onlyOnce: true },
  ),
  seed: valueFlag({
    value: 'number',
    summary: 'Where chance begins (topics, arrivals, sizes, templates): the same number draws the same in each run.',
  }),
  retain: switchFlag({ letter: 'r', summary: 'The broker keeps the messages for later subscribers.' }),
  'clear-retained': switchFlag({
    summary: 'Take back what --retain left behind when the run is over, and check that it is gone.',
  }),
})

const clientFlags = flagGroup('CLIENT', {
  'client-id': valueFlag({
    letter: 'I',
    value: 'pattern',
    summary: 'Client identifiers: %i is the number, %u the user, %r the run; bench-%r-%i by default.',
  }),
  credentials: valueFlag({
    value: 'path',
    summary: 'CSV file (RFC 4180) of user,password: clients take the lines in turn, as they are.',
  }),
  ifaddr: valueFlag({
    value: 'address,…',
    summary: 'Local addresses that connections leave from in turn: more than one address has ports for.',
  }),
  yes: switchFlag({ summary: 'Load a host that is neither this machine nor in a private network without asking.' }),
})

const shardFlags = flagGroup('SHARDS', {
  shard: valueFlag({
    value: 'i/n|auto',
    summary: 'Make part i, from 1, of a run that n processes make together; auto asks the scheduler that started this.',
  }),
  shards: valueFlag({
    value: 'count',
    summary: 'How many there are, for --shard auto where the scheduler does not say: Kubernetes.',
  }),
  run: valueFlag({
    value: 'name',
    summary: 'What all shards call their run, new for each; with --shard auto the scheduler’s name of the job.',
  }),
  rendezvous: valueFlag({
    value: 'url',
    summary: 'Where shards wait for each other; the broker under test by default.',
  }),
  'rendezvous-timeout': valueFlag({
    value: 'seconds',
    summary: 'Wait at most this long for all shards to come, and to be ready, seconds; 120 by default.',
  }),
  pair: switchFlag({
    allowNo: true,
    summary:
      'A publisher and the subscriber of its number are on one shard: on already; --no-pair has them on two, and measures two clocks.',
  }),
  'first-client': valueFlag({ value: 'number', summary: 'What %i is in the first client; 0 by default.' }),
})

const watchFlags = flagGroup('BROKER', {
  'slow-subscribers': valueFlag({
    value: 'count',
    summary: 'So many of the subscribers take --think for each message: where the broker begins to drop.',
  }),
  think: valueFlag({ value: 'seconds', summary: 'How long a slow subscriber takes for a message; 50ms by default.' }),
  observe: listFlag({
    value: 'pid:N|url:URL|sys',
    summary:
      'Tell what the broker uses and drops: of a process of this machine, a Prometheus endpoint, or $SYS; repeatable.',
  }),
  disturb: listFlag({
    value: 'command@time',
    summary: 'Run a shell command at this time of what is measured, and mark it in the series; repeatable.',
  }),
})

const resultFlags = flagGroup('RESULT', {
  'fail-if': listFlag({
    value: 'condition',
    summary: "Exit 9 when it is true: 'p99>20ms', 'lost>0', 'throughput<10000'; repeatable.",
  }),
  csv: valueFlag({ value: 'path', summary: 'Every second of the run, as CSV.' }),
  hdr: valueFlag({ value: 'path', summary: 'The distribution of response times as .hgrm, for HDR plotters.' }),
  junit: valueFlag({ value: 'path', summary: 'JUnit XML: every threshold is a test case, and so is the verdict.' }),
  prometheus: valueFlag({
    value: '[host:]port',
    summary: 'Serve the figures to a Prometheus at /metrics while it runs; on 127.0.0.1 by default.',
  }),
  report: valueFlag({ value: 'path', summary: 'One HTML page with charts, which needs nothing else.' }),
  save: valueFlag({
    value: 'folder',
    summary: 'Keep the result in this folder, one line of JSON: bench history shows how results change.',
  }),
  'github-summary': switchFlag({ summary: 'The result as Markdown in the summary of a GitHub Actions job.' }),
  json: switchFlag({ summary: 'The result as one JSON object on stdout; an error is one JSON line on stderr.' }),
  debug: switchFlag({ letter: 'd', summary: 'The stack of an error of ours.' }),
  'no-color': switchFlag({ summary: 'No colours (NO_COLOR does the same).' }),
  help: switchFlag({ summary: 'Show this help.' }),
})

const certificateFlags = flagGroup('TLS', {
  cert: valueFlag({
    value: 'path',
    summary: 'Certificate of a client, PEM; with %i, %i(0..9), %c, %u or %r in it one for each; needs --key.',
  }),
  key: valueFlag({
    value: 'path',
    summary: 'Private key of that certificate, PEM; with the same places; needs --cert.',
  }),
})

/** Where they mean more than on a command that has one connection. */
const hostFlags = flagGroup('CONNECTION', {
  host: valueFlag({
    letter: 'h',
    value: 'name,…',
    summary: 'Broker hosts or addresses, as a,b:1884; connections take them in turn; localhost by default.',
  }),
  url: valueFlag({
    letter: 'L',
    value: 'url,…',
    summary: 'Brokers as URLs: mqtt|mqtts|ws|wss|unix://[user[:password]@]host[:port][/path], in turn too.',
  }),
})

const { id: _id, 'id-prefix': _prefix, ...sharedSessionFlags } = sessionFlags

/** Without the letter: `-c` is how many clients. */
const keptSessionFlags = flagGroup('SESSION', {
  'disable-clean-session': switchFlag({
    summary: 'Take up the sessions that the broker keeps for these client identifiers, and leave them there.',
  }),
})

const comebackFlags = flagGroup('CONNECTION', {
  'reconnect-for': valueFlag({
    value: 'seconds',
    summary: 'A client that lost its connection gives up after this long, seconds; 60 by default, 0 is at once.',
  }),
})

export const benchFlags = {
  ...loadFlags,
  ...messageFlags,
  ...clientFlags,
  ...shardFlags,
  ...connectionFlags,
  ...comebackFlags,
  ...hostFlags,
  ...sharedSessionFlags,
  ...keptSessionFlags,
  ...loginFlags,
  ...tlsFlags,
  ...certificateFlags,
  ...willFlags,
  ...watchFlags,
  ...resultFlags,
}
