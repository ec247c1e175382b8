import { flagGroup, valueFlag } from './flag.ts'
import { outputFlags } from './output.ts'

const wireFlags = flagGroup(
  'WIRE',
  {
    port: valueFlag({
      letter: 'p',
      value: 'number',
      summary: 'Port of the broker, on 127.0.0.1; a free one by default.',
    }),
    through: valueFlag({
      value: 'number',
      summary: 'Port that the clients connect to, where a proxy or a recorder of yours stands in front of --port.',
    }),
    program: { ...valueFlag({ value: 'words', summary: 'How the last line spells mqtt-cli.' }), hidden: true },
  },
  'demo',
)

export const demoFlags = { ...wireFlags, ...outputFlags }
