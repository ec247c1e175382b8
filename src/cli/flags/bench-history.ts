import { flagGroup, switchFlag, valueFlag } from './flag.ts'

export const historyFlags = {
  ...flagGroup('RESULTS', {
    last: valueFlag({ value: 'count', summary: 'Only so many of each load, the newest; 20 by default.' }),
    only: valueFlag({
      value: 'text',
      summary: 'Only loads that have this in their title, or in the URL of their broker.',
    }),
  }),
  ...flagGroup('OUTPUT', {
    export: valueFlag({
      value: 'format',
      summary: 'In the words of another program: benchmark-action, bencher, otava-csv or openmetrics.',
    }),
    json: switchFlag({ summary: 'The history as one JSON object on stdout; an error is one JSON line on stderr.' }),
    quiet: switchFlag({ summary: 'No notes and no error text; the exit code tells.' }),
    debug: switchFlag({ letter: 'd', summary: 'The stack of an error of ours.' }),
    'no-color': switchFlag({ summary: 'No colours (NO_COLOR does the same).' }),
    help: switchFlag({ summary: 'Show this help.' }),
  }),
}
