import { countDenialWords } from '../values/broker/user-denial.ts'
import { flagGroup, listFlag, switchFlag, valueFlag } from './flag.ts'
import { outputFlags } from './output.ts'

const listenFlags = flagGroup(
  'LISTEN',
  {
    bind: valueFlag({
      letter: 'A',
      value: 'address',
      aliases: ['bind-address'],
      summary: 'Address to listen on; 127.0.0.1 by default, which only this machine reaches.',
    }),
    port: valueFlag({
      letter: 'p',
      value: 'number',
      summary: 'MQTT port; 1883 by default, 8883 with TLS; 0 takes a free one.',
    }),
    'ws-port': valueFlag({
      value: 'number',
      summary: 'Port for MQTT over WebSocket; none by default, 0 takes a free one.',
    }),
    'ws-origin': listFlag({
      value: 'origin',
      summary: 'Let in web pages of https://app.example too, or of any with *; repeatable.',
    }),
    tls: switchFlag({ summary: 'Speak TLS on every port; needs --cert and --key.' }),
    cert: valueFlag({ value: 'path', summary: 'Certificate of the broker, PEM; turns TLS on.' }),
    key: valueFlag({ value: 'path', summary: 'Private key of the certificate, PEM.' }),
    cafile: valueFlag({
      value: 'path',
      summary: 'Let in only clients with a certificate that one of these authorities signed, PEM.',
    }),
  },
  'broker',
)

const accessFlags = flagGroup(
  'ACCESS',
  {
    'password-file': valueFlag({
      value: 'path',
      summary: 'Let in only these users: one name:password a line, or what mosquitto_passwd writes.',
    }),
    deny: listFlag({ value: 'filter', summary: 'Refuse to publish or subscribe to this topic filter; repeatable.' }),
    'deny-user': listFlag(
      {
        value: 'name filter',
        summary: 'Keep this topic filter from one user, as in --deny-user anna secret/#; repeatable.',
      },
      { countWords: countDenialWords },
    ),
  },
  'broker',
)

const limitFlags = flagGroup(
  'LIMIT',
  {
    'max-packet-size': valueFlag({ value: 'bytes', summary: 'Largest packet that is taken; 16 MiB by default.' }),
    'memory-limit': valueFlag({
      value: 'bytes',
      summary: 'What all clients together may have it hold; 512 MiB by default.',
    }),
    'max-connections': valueFlag({ value: 'number', summary: 'Connections at a time; 10,000 by default.' }),
    'max-sessions': valueFlag({ value: 'number', summary: 'Sessions to keep for later; 10,000 by default.' }),
    'max-filters': valueFlag({ value: 'number', summary: 'Subscriptions of one client; 50,000 by default.' }),
  },
  'broker',
)

const ownOutputFlags = flagGroup('OUTPUT', {
  verbose: switchFlag({ letter: 'v', summary: 'One line on stderr for each thing that happens.' }),
  json: switchFlag({
    summary: 'Addresses as JSON lines on stdout, and with --verbose events as JSON lines on stderr.',
  }),
})

export const brokerFlags = { ...listenFlags, ...accessFlags, ...limitFlags, ...outputFlags, ...ownOutputFlags }
