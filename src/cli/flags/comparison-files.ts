import { flagGroup, switchFlag, valueFlag } from './flag.ts'

/** Where a comparison goes beside stdout. */
export const comparisonFileFlags = flagGroup('RESULT', {
  report: valueFlag({
    value: 'path',
    summary: 'One HTML page that draws both sides over each other, and needs nothing else.',
  }),
  'github-summary': switchFlag({ summary: 'The result as Markdown in the summary of a GitHub Actions job.' }),
  comment: valueFlag({
    value: 'path',
    summary: 'Markdown for a comment on a pull request: written when something is not equal, else the file is removed.',
  }),
})
