import { topicMatches } from '../../protocol/topic-filter.ts'

export interface Permissions {
  readonly mayPublish: (topic: string) => boolean
  readonly maySubscribe: (filter: string) => boolean
}

/** Everybody may do everything, but for these filters and $SYS, which is the broker's own to publish [MQTT-4.7.2-1]. */
export function permissionsWithout(denied: readonly string[]): Permissions {
  const isDenied = (topicOrFilter: string) => denied.some((filter) => topicMatches(filter, topicOrFilter))
  return {
    mayPublish: (topic) => !topic.startsWith('$SYS/') && !isDenied(topic),
    maySubscribe: (filter) => !isDenied(filter), // a filter is denied when a denied one covers it
  }
}
