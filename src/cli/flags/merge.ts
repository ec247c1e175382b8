import { flagGroup, listFlag, switchFlag, valueFlag } from './flag.ts'

export const mergeFlags = flagGroup('RESULT', {
  'fail-if': listFlag({
    value: 'condition',
    summary:
      "Exit 9 when it is true of all shards together: 'p99>20ms', 'lost>0'; beside what they were asked; repeatable.",
  }),
  csv: valueFlag({ value: 'path', summary: 'Every second of the run, as CSV; without times, which do not add up.' }),
  hdr: valueFlag({ value: 'path', summary: 'The distribution of response times as .hgrm, for HDR plotters.' }),
  junit: valueFlag({ value: 'path', summary: 'JUnit XML: every threshold is a test case, and so is the verdict.' }),
  report: valueFlag({ value: 'path', summary: 'One HTML page with charts, which needs nothing else.' }),
  'github-summary': switchFlag({ summary: 'The result as Markdown in the summary of a GitHub Actions job.' }),
  json: switchFlag({ summary: 'The result as one JSON object on stdout; an error is one JSON line on stderr.' }),
  quiet: switchFlag({ summary: 'No notes and no error text; the exit code tells.' }),
  debug: switchFlag({ letter: 'd', summary: 'The stack of an error of ours.' }),
  'no-color': switchFlag({ summary: 'No colours (NO_COLOR does the same).' }),
  help: switchFlag({ summary: 'Show this help.' }),
})
