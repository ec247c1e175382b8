import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type FaultName, faultRule } from '../../../../src/cli/values/inspect/fault-rule.ts'
import { listenAddress } from '../../../../src/cli/values/listen-address.ts'
import { printed, refused } from '../refused.ts'

function read(name: FaultName, text: string) {
  return faultRule(name, text, `--${name}`)
}

/** The rule in short: types, topics, sender, share; then the effect. */
function short(name: FaultName, text: string): readonly unknown[] {
  const { target, effect } = read(name, text)
  const { types, topics, sender, which } = target
  return [types.join(), topics.join(), sender, ...Object.values(which), ...Object.values(effect).slice(1)]
}

describe('which packets', () => {
  const cases: ReadonlyArray<readonly [text: string, ...short: readonly unknown[]]> = [
    ['puback', 'puback', '', undefined, 'all'],
    ['PubAck,PUBREC', 'puback,pubrec', '', undefined, 'all'],
    ['any', '', '', undefined, 'all'],
    ['any>client', '', '', 'server', 'all'],
    ['publish>server', 'publish', '', 'client', 'all'],
    ['publish>broker', 'publish', '', 'client', 'all'],
    ['pubrec@10%', 'pubrec', '', undefined, 'chance', 0.1],
    ['pubrec@0.5%', 'pubrec', '', undefined, 'chance', 0.005],
    ['pubrec@3', 'pubrec', '', undefined, 'nth', 3],
    ['publish:home/#', 'publish', 'home/#', undefined, 'all'],
    ['publish:home/#>server@50%', 'publish', 'home/#', 'client', 'chance', 0.5],
    ['any:a:b>c/@home/+', '', 'a:b>c/@home/+', undefined, 'all'],
    ['publish:mail/me@home@100%', 'publish', 'mail/me@home', undefined, 'chance', 1],
  ]
  for (const [text, ...expected] of cases) {
    test(text, () => assert.deepEqual(short('drop', text), expected))
  }
})

describe('what happens to them', () => {
  const cases: ReadonlyArray<readonly [FaultName, text: string, ...short: readonly unknown[]]> = [
    ['delay', 'puback=200ms', 'puback', '', undefined, 'all', 200],
    ['delay', 'publish:a=b>client@2=1.5', 'publish', 'a=b', 'server', 'nth', 2, 1500],
    ['duplicate', 'publish', 'publish', '', undefined, 'all'],
    ['corrupt', 'publish', 'publish', '', undefined, 'all', 'body'],
    ['corrupt', 'publish@10%=header', 'publish', '', undefined, 'chance', 0.1, 'header'],
    ['corrupt', 'publish:a=b', 'publish', 'a=b', undefined, 'all', 'body'],
    ['close-after', 'connack', 'connack', '', undefined, 'all', 'fin'],
    ['close-after', 'pubrec@2=reset', 'pubrec', '', undefined, 'nth', 2, 'reset'],
    ['refuse', 'not-authorized', 'connect', '', undefined, 'all', 0x87],
    ['refuse', 'not-authorized@20%', 'connect', '', undefined, 'chance', 0.2, 0x87],
    ['refuse', 'publish:a/#@1=not-authorized', 'publish', 'a/#', undefined, 'nth', 1, 0x87],
  ]
  for (const [name, text, ...expected] of cases) {
    test(`--${name} ${text}`, () => assert.deepEqual(short(name, text), expected))
  }
})

describe('what makes no sense is refused with what does', () => {
  const cases: ReadonlyArray<readonly [FaultName, text: string, RegExp]> = [
    ['drop', 'pubak', /does not know the packet type "pubak".*publish:home/],
    ['drop', '', /does not know the packet type ""/],
    ['drop', 'publish>nowhere', />client or >server/],
    ['drop', 'publish@', /neither how often nor which one/],
    ['drop', 'publish@0', /neither/],
    ['drop', 'publish@0%', /neither/],
    ['drop', 'publish@101%', /at most 100%/],
    ['drop', 'publish@often', /neither/],
    ['drop', 'publish:a/#/b', /MQTT-4\.7\.1-1/],
    ['drop', 'publish=100ms', /does not know the packet type "publish=100ms"/],
    ['delay', 'publish', /not for how long.*--delay puback=200ms/],
    ['delay', 'publish=soon', /not a duration/],
    ['delay', 'publish=0', /more than 0/],
    ['corrupt', 'publish=tail', /does not know "tail".*header, body, any/],
    ['close-after', 'publish=rst', /does not know "rst".*fin, reset/],
    ['refuse', 'because', /does not know the reason "because".*0x87/],
    ['refuse', 'puback=not-authorized', /nobody answers puback/],
    ['refuse', 'any=not-authorized', /nobody answers any packet/],
  ]
  for (const [name, text, expected] of cases) {
    test(`--${name} ${text}`, () => assert.match(printed(refused(() => read(name, text))), expected))
  }
})

describe('where to listen', () => {
  const cases: ReadonlyArray<readonly [text: string, host: string, port: number, scheme?: string]> = [
    ['1884', '127.0.0.1', 1884],
    ['0', '127.0.0.1', 0],
    ['0.0.0.0:1884', '0.0.0.0', 1884],
    ['localhost:1884', 'localhost', 1884],
    ['[::1]:1884', '::1', 1884],
    ['ws://9001', '127.0.0.1', 9001, 'ws'],
    ['WSS://[::]:443/', '::', 443, 'wss'],
    ['mqtts://0.0.0.0:8883', '0.0.0.0', 8883, 'mqtts'],
  ]
  for (const [text, host, port, scheme] of cases) {
    test(text, () => {
      assert.deepEqual(listenAddress(text, '--listen'), { host, port, ...(scheme !== undefined && { scheme }) })
    })
  }

  for (const text of ['', 'localhost', '70000', '::1:1884', 'http://1884', 'a:b:1', '1884/path', '-1']) {
    test(`not ${JSON.stringify(text)}`, () => {
      assert.match(printed(refused(() => listenAddress(text, '--listen'))), /\[host:\]port/)
    })
  }
})
