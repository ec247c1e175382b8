import { flagGroup, listFlag, switchFlag, valueFlag } from './flag.ts'
import { plainOutputFlags, viewFlags } from './inspect.ts'

export const inspectFileFlags = {
  ...flagGroup('INPUT', {
    'keylog-file': valueFlag({
      value: 'path',
      summary: 'Open TLS by this key log, as SSLKEYLOGFILE of the client or the server had it written.',
    }),
  }),
  ...viewFlags,
  ...flagGroup('VIEW', {
    view: valueFlag({
      value: 'none|line|tree|hex|sequence|mermaid',
      summary:
        'How packets are drawn: a line each (default), a tree of fields, a hexdump, a sequence diagram, or not at all.',
    }),
    stats: switchFlag({ summary: 'No packets: an account of each client, of the topics and of the file alone.' }),
    address: listFlag({
      value: 'address[:port]',
      summary: 'Read only connections with this end, as 10.0.0.7, 10.0.0.7:1883 or :1883; repeatable.',
    }),
  }),
  ...plainOutputFlags,
}
