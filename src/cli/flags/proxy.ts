import { flagGroup, listFlag, switchFlag, valueFlag } from './flag.ts'
import { plainOutputFlags, viewFlags } from './inspect.ts'

const listenFlags = flagGroup(
  'LISTEN',
  {
    listen: listFlag({
      value: '[scheme://][host:]port',
      summary:
        'Where clients come to; 127.0.0.1 without a host, a free port for 0; ws://, wss:// or mqtts:// before it; repeatable.',
    }),
    'ws-origin': listFlag({
      value: 'origin',
      summary:
        'Let in web pages of this origin, as https://app.example; those of this machine come in without; repeatable.',
    }),
    tls: switchFlag({ summary: 'Speak TLS with the clients; needs --cert and --key.' }),
    cert: valueFlag({ value: 'path', summary: 'Certificate that clients are shown, PEM; turns TLS on.' }),
    key: valueFlag({ value: 'path', summary: 'Private key of that certificate, PEM.' }),
  },
  'proxy',
)

const upstreamFlags = flagGroup(
  'BROKER',
  {
    to: valueFlag({
      value: 'url',
      summary:
        'The broker, as mqtt|mqtts|ws|wss://host[:port] or unix://path; for ws and wss the path is the WebSocket path.',
    }),
    cafile: valueFlag({ value: 'path', summary: 'Trust a broker whose certificate is signed by this PEM file.' }),
    capath: valueFlag({ value: 'folder', summary: 'Trust the PEM certificates in this folder.' }),
    insecure: switchFlag({ summary: 'Accept any certificate of the broker.' }),
    'tls-sni': valueFlag({ value: 'name', summary: 'Server name to ask for and to verify; the host by default.' }),
    'tls-alpn': valueFlag({ value: 'protocol', summary: 'ALPN protocol to offer the broker; several with commas.' }),
    'to-cert': valueFlag({ value: 'path', summary: 'Certificate that the broker is shown, PEM; needs --to-key.' }),
    'to-key': valueFlag({ value: 'path', summary: 'Private key of that certificate, PEM.' }),
    'ws-header': listFlag({
      value: 'name: value',
      summary: 'HTTP header of the WebSocket upgrade at the broker; repeatable.',
    }),
    'connect-timeout': valueFlag({
      value: 'seconds',
      summary: 'Deadline for reaching the broker, seconds; 10 by default.',
    }),
  },
  'proxy',
)

const faultFlags = flagGroup(
  'FAULTS',
  {
    delay: listFlag({
      value: 'what=time',
      summary: 'Hold these packets back, as in puback=200ms; repeatable, as all faults.',
    }),
    drop: listFlag({ value: 'what', summary: 'Lose these packets, as in pubrec@10% or publish:home/#>server@50%.' }),
    duplicate: listFlag({ value: 'what', summary: 'Send these packets twice.' }),
    corrupt: listFlag({
      value: 'what[=place]',
      summary: 'Flip one bit of these packets: in the body (default), the header, or any.',
    }),
    'close-after': listFlag({
      value: 'what[=how]',
      summary: 'Close the connection once this packet was sent on, by fin (default) or reset.',
    }),
    refuse: listFlag({
      value: '[what=]reason',
      summary:
        'Answer in the broker’s place with this reason, as in 0x87 or publish=quota-exceeded; CONNECT by default.',
    }),
    seed: valueFlag({ value: 'number', summary: 'Where chance begins: the same number befalls the same packets.' }),
  },
  'proxy',
)

const captureFlags = flagGroup(
  'CAPTURE',
  {
    write: valueFlag({
      value: 'path',
      summary: 'Write what the clients sent and got into a pcapng file, for Wireshark.',
    }),
  },
  'proxy',
)

export const proxyFlags = {
  ...listenFlags,
  ...upstreamFlags,
  ...faultFlags,
  ...captureFlags,
  ...viewFlags,
  ...flagGroup('VIEW', {
    view: valueFlag({
      value: 'none|line|tree|hex|sequence|mermaid',
      summary:
        'How packets are drawn: a line each (default), a tree of fields, a hexdump, a sequence diagram, or not at all.',
    }),
  }),
  ...plainOutputFlags,
  ...flagGroup('OUTPUT', {
    quiet: switchFlag({ summary: 'Show nothing, and no notes and no error text: bytes pass at full speed.' }),
  }),
}
