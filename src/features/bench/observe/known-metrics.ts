/** What a metric of a Prometheus endpoint says of a broker. */
type Meaning =
  | { readonly is: 'cpu'; readonly microseconds: number }
  | { readonly is: 'memory' }
  | { readonly is: 'dropped' }

const seconds = { is: 'cpu', microseconds: 1e6 } as const
const milliseconds = { is: 'cpu', microseconds: 1e3 } as const
const memory = { is: 'memory' } as const
const dropped = { is: 'dropped' } as const

/**
 * Of several that mean CPU, or memory, the first that is there counts. Those of what was dropped are added up: they are
 * chosen so that none counts what another does.
 */
export const knownMetrics: Readonly<Record<string, Meaning>> = {
  // what every client library of Prometheus tells of its process
  process_cpu_seconds_total: seconds,
  process_resident_memory_bytes: memory,
  // EMQX, VerneMQ, RabbitMQ: the runtime of Erlang
  erlang_vm_statistics_runtime_seconds_total: seconds,
  erlang_vm_statistics_runtime_milliseconds: milliseconds,
  rabbitmq_process_resident_memory_bytes: memory,
  erlang_vm_memory_bytes_total: memory,
  // EMQX: before routing, and by subscriber
  emqx_messages_dropped: dropped,
  emqx_delivery_dropped: dropped,
  // VerneMQ
  queue_message_drop: dropped,
  // HiveMQ
  com_hivemq_messages_dropped_count: dropped,
  // exporters of mosquitto, which read $SYS
  broker_publish_messages_dropped: dropped,
  broker_publish_messages_dropped_total: dropped,
  mosquitto_SYS_broker_publish_messages_dropped: dropped,
}
