import { flagGroup, switchFlag, valueFlag } from './flag.ts'

/** Who we are. Values of `password` and `url` never stay in the words that oclif sees. */
export const loginFlags = flagGroup('LOGIN', {
  username: valueFlag({ letter: 'u', value: 'name', summary: 'User name.' }),
  password: valueFlag(
    {
      letter: 'P',
      value: 'password',
      aliases: ['pw'],
      summary:
        'Password; as the last word without a value it asks. Others on this machine can read it in the process list.',
    },
    { lastWordMeans: 'ask-password' },
  ),
  'ask-password': switchFlag({ summary: 'Ask for the password on the terminal.' }),
  'password-file': valueFlag({
    value: 'path',
    summary: 'Read the password from this file (one newline at its end is dropped).',
  }),
  'password-env': valueFlag({ value: 'name', summary: 'Read the password from this environment variable.' }),
  'password-command': valueFlag({
    value: 'command',
    summary: 'Run this shell command and read the password from its output.',
  }),
})
