import { isOfAllGroups, scenarioFlags } from '../../src/cli/scenario/flag-texts.ts'
import { modes } from '../../src/cli/scenario/scenario-file.ts'

const file = 'bench-scenario.schema.json'
export const scenarioSchemaPath = ['docs', 'schemas', file] as const

const scalar = { type: ['string', 'number'] }
const list = { anyOf: [scalar, { type: 'array', items: scalar }] }

/** What editors check a scenario against: every flag of bench that it may have, as its declaration says. */
export function scenarioSchemaText(): string {
  const flags = scenarioFlags().map(([name, { type, multiple, summary }]) => {
    const form = type === 'boolean' ? { type: 'boolean' } : multiple === true ? list : scalar
    return [name, { ...form, description: summary ?? '' }] as const
  })
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'What bench run reads: groups of clients that load a broker beside each other',
    type: 'object',
    additionalProperties: false,
    required: ['groups'],
    properties: {
      name: { type: 'string', description: 'what the result calls it; the name of the file by default' },
      settings: {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(flags),
        description: 'of all groups: long flags of mqtt-cli bench',
      },
      groups: { type: 'object', minProperties: 1, additionalProperties: { $ref: '#/definitions/group' } },
    },
    definitions: {
      group: {
        type: 'object',
        additionalProperties: false,
        properties: {
          mode: { enum: [...modes], description: 'which bench; pubsub by default' },
          after: {
            type: 'string',
            description: 'begins when another group measures: its name, or its name and connected, draining or ended',
          },
          delay: { ...scalar, description: 'begins so long after that, seconds' },
          ...Object.fromEntries(flags.filter(([name]) => !isOfAllGroups(name))),
        },
      },
    },
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}
