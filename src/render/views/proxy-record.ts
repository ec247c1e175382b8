import type { ProxyEvent } from '../../features/proxy/events.ts'
import type { JsonRecord } from '../packet-record.ts'
import { findingRecord } from './inspect-record.ts'
import type { ViewStyle } from './view.ts'

/** As `docs/schemas/inspect-*.schema.json` describe it. */
export function proxyRecord(event: ProxyEvent, style: ViewStyle): JsonRecord | undefined {
  switch (event.event) {
    case 'finding': {
      const record = findingRecord(event.finding, style)
      return record === undefined ? undefined : Object.assign(record, { client: event.client })
    }
    case 'summary': {
      const { summary, ...of } = event.of
      return { v: 1, type: 'summary', ...of, ...summary }
    }
    case 'fault': {
      const { event: type, done, ...place } = event
      const { effect, ...what } = done
      return { v: 1, type, ...place, ...what, ...effect }
    }
    case 'unreachable': {
      const { event: type, error, ...fields } = event
      return { v: 1, type, ...fields, kind: error.kind, message: error.message }
    }
    default: {
      const { event: type, ...fields } = event
      return { v: 1, type, ...fields }
    }
  }
}
