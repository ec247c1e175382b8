import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { brokerUrl, maskUserInformation } from '../../../src/cli/values/broker-url.ts'
import { printed, refused } from './refused.ts'

describe('brokerUrl takes apart', () => {
  const cases: ReadonlyArray<readonly [url: string, parts: Record<string, unknown>]> = [
    ['mqtt://broker', { transport: 'tcp', host: 'broker' }],
    ['MQTT://broker:1884', { transport: 'tcp', host: 'broker', port: 1884 }],
    ['mqtts://broker/home/door', { transport: 'tls', host: 'broker', topic: 'home/door' }],
    ['mqtt://broker/', { transport: 'tcp', host: 'broker' }],
    ['mqtt://broker//a', { transport: 'tcp', host: 'broker', topic: '/a' }],
    ['mqtt://broker/a%23b%20c', { transport: 'tcp', host: 'broker', topic: 'a#b c' }],
    ['mqtt://user:pass@broker', { transport: 'tcp', host: 'broker', username: 'user', password: 'pass' }],
    ['mqtt://user@broker', { transport: 'tcp', host: 'broker', username: 'user' }],
    ['mqtt://user:@broker', { transport: 'tcp', host: 'broker', username: 'user', password: '' }],
    ['mqtt://u%40x:p%2F%3A%25@broker', { transport: 'tcp', host: 'broker', username: 'u@x', password: 'p/:%' }],
    ['mqtt://user:p@ss@broker', { transport: 'tcp', host: 'broker', username: 'user', password: 'p@ss' }],
    ['mqtt://[::1]:1883/t', { transport: 'tcp', host: '::1', port: 1883, topic: 't' }],
    ['mqtts://u:p@[fe80::1]', { transport: 'tls', host: 'fe80::1', username: 'u', password: 'p' }],
    ['mqtt://[fe80::1%25lo]', { transport: 'tcp', host: 'fe80::1%lo' }],
    ['mqtt://[fe80::1%lo]:1884', { transport: 'tcp', host: 'fe80::1%lo', port: 1884 }],
    ['ws://broker', { transport: 'ws', host: 'broker' }],
    ['ws://broker:8080/mqtt?x=1%20', { transport: 'ws', host: 'broker', port: 8080, path: '/mqtt?x=1%20' }],
    ['wss://broker/', { transport: 'wss', host: 'broker', path: '/' }],
    ['wss://broker?token=1', { transport: 'wss', host: 'broker', path: '/?token=1' }],
    ['unix:///run/mosquitto.sock', { transport: 'unix', host: '', path: '/run/mosquitto.sock' }],
    ['unix:///run/a%20b', { transport: 'unix', host: '', path: '/run/a b' }],
    ['unix://relative/path', { transport: 'unix', host: '', path: 'relative/path' }],
    ['mqtt://broker/__proto__', { transport: 'tcp', host: 'broker', topic: '__proto__' }],
  ]
  for (const [url, parts] of cases) {
    test(url, () => assert.deepEqual(brokerUrl(url, '-L'), parts))
  }
})

describe('brokerUrl refuses', () => {
  for (const url of [
    'broker',
    'broker:1883',
    'http://broker',
    'mqtt:broker',
    'mqtt://',
    'mqtt://:1883',
    'mqtt://broker:0',
    'mqtt://broker:65536',
    'mqtt://broker:x',
    'mqtt://broker:',
    'mqtt://[::1',
    'mqtt://a:b:c',
    'mqtt://broker/%zz',
    'unix://',
    '',
  ]) {
    test(JSON.stringify(url), () => void refused(() => brokerUrl(url, '-L')))
  }
})

describe('no error of a URL shows its password', () => {
  for (const url of [
    'mqtt://user:canary@',
    'mqtt://user:canary@:1883',
    'mqtt://user:canary@broker:port',
    'mqtt://user:canary/slash@broker',
    'mqtt://user:%zzcanary@broker',
    'http://user:canary@broker',
    'user:canary@broker',
    'mqtt:user:canary@broker',
    'canary',
  ]) {
    test(url, () => assert.doesNotMatch(printed(refused(() => brokerUrl(url, '-L'))), /canary/))
  }
})

test('masking hides the user information and keeps the rest', () => {
  assert.equal(maskUserInformation('mqtts://me:secret@broker:8883/t'), 'mqtts://***@broker:8883/t')
})
