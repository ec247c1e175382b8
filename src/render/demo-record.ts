import type { MqttCliError } from '../errors.ts'
import type { ArrivedMessage, DemoEvent } from '../features/demo/events.ts'
import type { JsonRecord } from './packet-record.ts'
import { payloadRecord, propertiesField } from './packet-record.ts'
import { traceRecord } from './trace-record.ts'

/** One line of `demo --json`, as `docs/schemas/demo.schema.json` describes it. */
export function demoRecord(event: DemoEvent): JsonRecord {
  return { v: 1, type: event.event, ...fieldsOf(event) }
}

function fieldsOf(told: DemoEvent): JsonRecord {
  switch (told.event) {
    case 'packet':
      return { client: told.client, trace: traceRecord(told.wire) }
    case 'arrived':
      return arrivedFields(told.message)
    case 'handshake': {
      const steps = told.steps.map(({ packet, atMicroseconds, sincePreviousMicroseconds }) => ({
        packet: packet?.type,
        atMicroseconds,
        sincePreviousMicroseconds,
      }))
      return { client: told.client, topic: told.topic, steps, elapsedMicroseconds: told.elapsedMicroseconds }
    }
    case 'refused':
      return { client: told.client, ...refusalFields(told.error) }
    default: {
      const { event: _, ...fields } = told
      return fields
    }
  }
}

function arrivedFields({ payload, properties, ...fields }: ArrivedMessage): JsonRecord {
  return { ...fields, ...payloadRecord(payload), ...propertiesField(properties) }
}

function refusalFields({ message, details }: MqttCliError): JsonRecord {
  const { reasonCode, reasonName, causes } = details
  return { message, reasonCode, reasonName, causes }
}
