/** What a topic below `$SYS` says of a broker. `+` is one level: the name of a node. */
export const sysTopics: Readonly<Record<string, 'memory' | 'dropped' | 'alive'>> = {
  // mosquitto, and mqtt-cli broker
  '$SYS/broker/publish/messages/dropped': 'dropped',
  '$SYS/broker/heap/current': 'memory',
  '$SYS/broker/memory/held': 'memory',
  '$SYS/broker/uptime': 'alive',
  // EMQX, of each node: before routing, and by subscriber
  '$SYS/brokers/+/metrics/messages/dropped': 'dropped',
  '$SYS/brokers/+/metrics/delivery/dropped': 'dropped',
  '$SYS/brokers/+/uptime': 'alive',
}

/** The filter of these that a topic is for. */
export function sysFilterOf(topic: string): string | undefined {
  if (Object.hasOwn(sysTopics, topic)) return topic
  const ofAnyNode = topic.replace(/^(\$SYS\/brokers\/)[^/]+/, '$1+')
  return Object.hasOwn(sysTopics, ofAnyNode) ? ofAnyNode : undefined
}
