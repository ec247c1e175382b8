import { flagGroup, switchFlag, valueFlag } from './flag.ts'

/** What every command has. */
export const outputFlags = flagGroup('OUTPUT', {
  json: switchFlag({ summary: 'One JSON object a line on stdout; an error is one JSON line on stderr.' }),
  trace: valueFlag(
    { value: 'text|json', summary: 'Each packet in both directions, decoded, on stderr; bare --trace is text.' },
    { bareValue: 'text' },
  ),
  debug: switchFlag({ letter: 'd', summary: 'One line per packet, as --trace, and the stack of an error of ours.' }),
  quiet: switchFlag({ summary: 'No messages about errors at run time; the exit code tells.' }),
  'no-color': switchFlag({ summary: 'No colours (NO_COLOR does the same).' }),
  help: switchFlag({ summary: 'Show this help.' }),
})
