import { flagGroup, switchFlag, valueFlag } from './flag.ts'

export const willFlags = flagGroup('WILL', {
  'will-topic': valueFlag(
    { value: 'topic', summary: 'Topic of the message that the broker publishes if we vanish.' },
    { onlyOnce: true }, // there is one will
  ),
  'will-payload': valueFlag({ value: 'text', summary: 'Payload of the will; empty by default.' }, { onlyOnce: true }),
  'will-qos': valueFlag({ value: '0|1|2', summary: 'QoS of the will; 0 by default.' }),
  'will-retain': switchFlag({ summary: 'The broker retains the will.' }),
})

/** Of commands that leave once, and of their own accord. */
export const leavingFlags = flagGroup('WILL', {
  'leave-will': switchFlag({
    summary: 'Leave so that the broker publishes the will: at every planned end, Ctrl-C too.',
  }),
})
