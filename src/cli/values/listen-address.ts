import { usageError } from '../usage-error.ts'

/** Where to listen, and for what. */
export interface ListenAddress {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Absent where nothing is said: then it is MQTT, over TLS if there is a certificate. */
  readonly scheme?: 'mqtt' | 'mqtts' | 'ws' | 'wss'
}

const shape = /^(?:(mqtt|mqtts|ws|wss):\/\/)?(?:(\[[0-9a-f:.%]+\]|[^:/@[\]]+):)?(\d{1,5})\/?$/i

/** `1884`, `0.0.0.0:1884`, `[::1]:1884`, `ws://127.0.0.1:9001`. Without a host only this machine gets in. */
export function listenAddress(text: string, flag: string): ListenAddress {
  const [, scheme, host = '127.0.0.1', portText = ''] = shape.exec(text) ?? []
  const port = Number(portText)
  if (portText === '' || port > 65_535) {
    throw usageError(
      `${flag} is no address to listen on: ${JSON.stringify(text)}`,
      'write [host:]port, as in 1884, 0.0.0.0:1884 or [::1]:1884; ws://, wss:// or mqtts:// before it say what for',
    )
  }
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port,
    ...(scheme !== undefined && { scheme: scheme.toLowerCase() as ListenAddress['scheme'] }),
  }
}

/** Whether only this machine gets in. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^(::ffff:)?127\./i.test(host)
}
