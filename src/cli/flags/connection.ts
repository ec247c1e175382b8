import { flagGroup, listFlag, switchFlag, valueFlag } from './flag.ts'

export const connectionFlags = flagGroup('CONNECTION', {
  host: valueFlag({ letter: 'h', value: 'name', summary: 'Broker host name or address; localhost by default.' }),
  port: valueFlag({
    letter: 'p',
    value: 'number',
    summary: 'Broker port; 1883, 8883 with TLS, 80 with WebSocket, 443 with both. 8883 alone turns TLS on.',
  }),
  url: valueFlag({
    letter: 'L',
    value: 'url',
    summary:
      'Broker as mqtt|mqtts|ws|wss|unix://[user[:password]@]host[:port][/topic]; for ws and wss the path is the WebSocket path.',
  }),
  unix: valueFlag({ value: 'path', summary: 'Connect through this unix domain socket.' }),
  embedded: switchFlag({ summary: 'Run against a broker inside this process, on a free loopback port.' }),
  ws: switchFlag({ summary: 'Use WebSocket (secure WebSocket together with a TLS flag).' }),
  'ws-path': valueFlag({ value: 'path', summary: 'WebSocket path; /mqtt by default.' }),
  'ws-header': listFlag({ value: 'name: value', summary: 'HTTP header of the WebSocket upgrade; repeatable.' }),
  'bind-address': valueFlag({ letter: 'A', value: 'address', summary: 'Local address to connect from.' }),
  nodelay: switchFlag({
    allowNo: true,
    summary: 'Send small packets at once (TCP_NODELAY): on already; --no-nodelay lets the kernel gather them.',
  }),
  'connect-timeout': valueFlag({
    value: 'seconds',
    summary: 'Deadline from name lookup to CONNACK, seconds; 10 by default.',
  }),
  'reconnect-for': valueFlag({
    value: 'seconds',
    summary:
      'Try for this long, seconds, the first connect included; by default only lost connections: sub for ever, pub -l 60.',
  }),
})
