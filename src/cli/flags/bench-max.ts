import { benchFlags } from './bench.ts'
import { flagGroup, listFlag, valueFlag } from './flag.ts'

const searchFlags = flagGroup('SEARCH', {
  slo: listFlag({
    value: 'condition',
    summary: "What must be true of every window: 'p99<20ms', 'lost=0', 'throughput>=5000'; repeatable, one at least.",
  }),
  start: valueFlag({
    value: 'number',
    summary: 'Begin with so many: 1000 messages a second, 100 connections or 10 subscribers by default.',
  }),
  'max-rate': valueFlag({ value: 'number', summary: 'Try no more messages a second than this, as 5000 or 5000/s.' }),
  'max-clients': valueFlag({
    value: 'count',
    summary: 'Try no more connections, or subscribers of fan-out, than this.',
  }),
  step: valueFlag({ value: 'seconds', summary: 'How long each window of the search is measured; 5 by default.' }),
  hold: valueFlag({
    value: 'seconds',
    summary: 'How long what was found must hold, and once more to be confirmed; 30 by default.',
  }),
  recover: valueFlag({
    value: 'seconds',
    summary: 'Give the broker so long to come back to rest after too much; 60 by default.',
  }),
})

const {
  'rate-per-client': _perClient,
  stages: _stages,
  duration: _duration,
  messages: _messages,
  churn: _churn,
  shard: _shard,
  shards: _shards,
  run: _run,
  pair: _pair,
  disturb: _disturb,
  'fail-if': _failIf,
  csv: _csv,
  hdr: _hdr,
  junit: _junit,
  prometheus: _prometheus,
  'github-summary': _summary,
  ...sharedFlags
} = benchFlags

/** What a load of bench has, less what says how much of it, for how long, and what to write of a single run. */
export const maxFlags = { ...searchFlags, ...sharedFlags }
