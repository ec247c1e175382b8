import { benchFlags } from './bench.ts'
import { gateFlags } from './compare.ts'
import { comparisonFileFlags } from './comparison-files.ts'
import { flagGroup, switchFlag, valueFlag } from './flag.ts'

const duetFlagsOnly = flagGroup('DUET', {
  a: valueFlag({
    value: 'url',
    summary: 'The broker that the other is held against, as a URL; mqtt://localhost:1883.',
  }),
  b: valueFlag({ value: 'url', summary: 'The broker that is held against it, as a URL.' }),
  aa: switchFlag({ summary: 'A against itself: how much runs vary here, and the smallest change that shows.' }),
  rounds: valueFlag({ value: 'count', summary: 'Runs of each side, in turns: A B, B A, …; 10 by default.' }),
  'a-cmd': valueFlag({
    value: 'command',
    summary: 'Start A by this command for each of its runs, wait until it answers, and stop it with all it started.',
  }),
  'b-cmd': valueFlag({ value: 'command', summary: 'The same for B.' }),
  'start-timeout': valueFlag({
    value: 'seconds',
    summary: 'How long a broker that was started may take to answer, seconds; 30 by default.',
  }),
  'before-round': valueFlag({
    value: 'command',
    summary: 'Run this before each run, to its end; MQTT_CLI_ROUND and MQTT_CLI_SIDE are in its environment.',
  }),
  seed: valueFlag({
    value: 'number',
    summary: 'Chance is the same in all runs; another number gives another load of the same kind.',
  }),
})

const {
  'fail-if': _failIf,
  csv: _csv,
  hdr: _hdr,
  junit: _junit,
  prometheus: _prometheus,
  host: _host,
  port: _port,
  url: _url,
  unix: _unix,
  embedded: _embedded,
  shard: _shard,
  shards: _shards,
  run: _run,
  pair: _pair,
  ...loadFlags
} = benchFlags

/** What a load of bench has, less where it goes, and what is written of a single run. */
export const duetFlags = { ...duetFlagsOnly, ...gateFlags, ...loadFlags, ...comparisonFileFlags }
