import { countPropertyWords } from '../values/property-words.ts'
import { flagGroup, listFlag, switchFlag, valueFlag } from './flag.ts'

export const sessionFlags = flagGroup('SESSION', {
  'protocol-version': valueFlag({
    letter: 'V',
    value: 'version',
    aliases: ['mqtt-version'],
    summary:
      'MQTT version: 5, 3.1.1, 3.1 (also 311, 31, mqttv5 …) or auto, the default: 5, then 3.1.1 and 3.1 where the broker is older.',
  }),
  id: valueFlag({
    letter: 'i',
    value: 'id',
    summary: 'Client identifier; chosen by the broker or at random by default.',
  }),
  'id-prefix': valueFlag({
    letter: 'I',
    value: 'text',
    summary: 'Random client identifier that begins with this text.',
  }),
  keepalive: valueFlag({
    letter: 'k',
    value: 'seconds',
    summary: 'Longest silence before a ping, seconds, 0 to 65535; 0 is never; 60 by default.',
  }),
  'disable-clean-session': switchFlag({
    letter: 'c',
    summary: 'Take up the session that the broker keeps for this client identifier, and leave it there; needs -i.',
  }),
  'session-expiry-interval': valueFlag({
    letter: 'x',
    value: 'seconds',
    summary: 'How long the broker keeps the session after we leave, seconds; -1 is for ever. MQTT 5.',
  }),
  'max-packet-size': valueFlag({
    value: 'bytes',
    summary: 'Largest packet that we accept, bytes (or 64KiB, 1MiB …); announced to the broker at MQTT 5.',
  }),
  lenient: valueFlag({
    value: 'flags',
    summary: 'Note reserved flags of the fixed header that the broker sets (it sends 0x92 or 0x42), and go on.',
  }),
  property: listFlag(
    {
      letter: 'D',
      value: 'packet name value',
      summary:
        'MQTT 5 property of a packet we send: -D publish content-type text/plain, -D connect user-property name value; repeatable.',
    },
    { countWords: countPropertyWords },
  ),
})
