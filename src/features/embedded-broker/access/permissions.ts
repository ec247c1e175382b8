import { sharedFilter, topicMatches } from '../../../protocol/topic-filter.ts'
import type { UserDenial } from '../settings.ts'

/** What one user may do. */
export interface UserPermissions {
  readonly mayPublish: (topic: string) => boolean
  readonly maySubscribe: (filter: string) => boolean
  /** Of a message that a wildcard subscription matches. */
  readonly mayReceive: (topic: string) => boolean
}

export interface Permissions {
  readonly ofUser: (username: string | undefined) => UserPermissions
}

/** Everybody may do everything, but for these filters and $SYS, which is the broker's own to publish [MQTT-4.7.2-1]. */
export function permissionsWithout(denied: readonly string[], ofUsers: readonly UserDenial[] = []): Permissions {
  const forAll = permissions(denied, [])
  const users = new Map<string, UserPermissions>()
  for (const { username } of ofUsers) {
    const own = ofUsers.filter((denial) => denial.username === username).map(({ filter }) => filter)
    users.set(username, permissions(denied, own))
  }
  return { ofUser: (username) => (username === undefined ? undefined : users.get(username)) ?? forAll }
}

/** What nobody may publish reaches nobody; what one user may not, others publish, and `own` keeps it from that user. */
function permissions(denied: readonly string[], own: readonly string[]): UserPermissions {
  const all = [...denied, ...own]
  const isDenied = (topicOrFilter: string) => all.some((filter) => topicMatches(filter, topicOrFilter))
  return {
    mayPublish: (topic) => !topic.startsWith('$SYS/') && !isDenied(topic),
    // a filter is denied when a denied one covers it; who shares it asks for the same messages
    maySubscribe: (filter) => !isDenied(sharedFilter(filter)?.filter ?? filter) && !isDenied(filter),
    mayReceive: (topic) => !own.some((filter) => topicMatches(filter, topic)),
  }
}
