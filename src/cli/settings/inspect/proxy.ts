import type { Target, TlsSettings } from '../../../connection/settings.ts'
import type { FaultRule, ProxyListener, ProxySettings } from '../../../features/proxy/settings.ts'
import type { FlagValues } from '../../flags/flag.ts'
import type { proxyFlags } from '../../flags/proxy.ts'
import { usageError } from '../../usage-error.ts'
import { webOrigin } from '../../values/broker/web-origin.ts'
import { brokerUrl } from '../../values/broker-url.ts'
import { positiveDurationMs } from '../../values/duration.ts'
import { httpHeader } from '../../values/http-header.ts'
import { type FaultName, faultRule } from '../../values/inspect/fault-rule.ts'
import { integer } from '../../values/integer.ts'
import { listedNames } from '../../values/listed-names.ts'
import { isLoopback, type ListenAddress, listenAddress } from '../../values/listen-address.ts'
import { asked, type Input, isTyped, read, readList } from '../input.ts'
import { type ViewSettings, viewSettings } from './inspect-view.ts'

type ProxyInput = Input<FlagValues<typeof proxyFlags>>

interface ProxyCommandSettings extends Omit<ViewSettings, 'view'> {
  readonly proxy: ProxySettings
  readonly view: ViewSettings['view'] | 'none'
  /** Not even the account at the end. */
  readonly isSilent: boolean
  readonly notes: readonly string[]
}

const defaultPorts = { tcp: 1883, tls: 8883, ws: 80, wss: 443 }
const defaultDeadlineMs = 10_000
const largestSeed = 0xffff_ffff
const faultNames: readonly FaultName[] = ['refuse', 'drop', 'corrupt', 'duplicate', 'delay', 'close-after']

export function proxySettingsFrom(given: ProxyInput): ProxyCommandSettings {
  const input: ProxyInput = { ...given, environmentOwner: 'proxy' }
  const { flags, words } = input
  if (words.length > 0) {
    throw usageError(`inspect proxy takes no words: ${JSON.stringify(words[0])}`, '--listen 1884 --to mqtt://localhost')
  }
  const shown = shownAs(given)
  const faults = faultNames.flatMap((name) => faultRules(input, name))
  const seed = read(input, 'seed', (text, flag) => integer(text, flag, { minimum: 0, maximum: largestSeed }))
  const drawnSeed = seed ?? Number.parseInt(input.randomText().slice(0, 8), 16)
  const proxy: ProxySettings = {
    listeners: listenersOf(input),
    upstream: upstreamOf(input),
    connectDeadlineMs: read(input, 'connect-timeout', positiveDurationMs) ?? defaultDeadlineMs,
    faults,
    seed: drawnSeed,
    filter: shown.filter,
    ...(flags.write !== undefined && { capture: { path: flags.write, showSecrets: shown.showSecrets } }),
    isBlind: shown.isSilent && faults.length === 0 && flags.write === undefined,
    givesSummary: !shown.isSilent,
    gathersExchanges: shown.view === 'sequence',
  }
  return {
    ...shown,
    proxy,
    notes: [...openNotes(proxy.listeners), ...notesOf(input, faults, seed === undefined ? drawnSeed : undefined)],
  }
}

/** `--quiet` alone is no view at all; with a view that was asked for, it leaves out the notes as everywhere. */
function shownAs(input: ProxyInput) {
  const isNone = input.flags.view === 'none'
  const settings = viewSettings(isNone ? { ...input, flags: { ...input.flags, view: 'line' } } : input)
  const isSilent =
    input.flags.quiet === true && settings.view !== 'json' && (isNone || asked(input, ['view']).length === 0)
  const isDrawn = settings.view === 'json' || !(isNone || isSilent)
  return { ...settings, view: isDrawn ? settings.view : ('none' as const), isSilent }
}

function listenersOf(input: ProxyInput): readonly ProxyListener[] {
  const { cert, key } = input.flags
  const addresses = readList(input, 'listen', listenAddress)
  if (addresses.length === 0) throw usageError('--listen is missing', 'say where clients shall come to: --listen 1884')
  const wantsTls = asked(input, ['tls', 'cert', 'key']).length > 0
  const needsTls = wantsTls || addresses.some(({ scheme }) => scheme === 'mqtts' || scheme === 'wss')
  if (needsTls && (cert === undefined || key === undefined)) {
    throw usageError('TLS towards clients needs both --cert and --key', 'name both files, in PEM')
  }
  const tls = cert === undefined || key === undefined ? undefined : { certFile: cert, keyFile: key }
  const origins = readList(input, 'ws-origin', webOrigin)
  return addresses.map((address) => listenerOf(address, tls, origins))
}

/** Without a scheme a certificate means TLS; `mqtt://` and `ws://` mean plain all the same. */
function listenerOf(
  { host, port, scheme }: ListenAddress,
  tls: ProxyListener['tls'],
  origins: readonly string[],
): ProxyListener {
  const isTls = scheme === undefined ? tls !== undefined : scheme === 'mqtts' || scheme === 'wss'
  const isWebSocket = scheme === 'ws' || scheme === 'wss'
  return {
    host,
    port,
    isWebSocket,
    ...(isWebSocket && origins.length > 0 && { origins }),
    ...(isTls && tls !== undefined && { tls }),
  }
}

function upstreamOf(input: ProxyInput): ProxySettings['upstream'] {
  const url = read(input, 'to', brokerUrl)
  if (url === undefined) throw usageError('--to is missing', 'say where the broker is: --to mqtt://localhost:1883')
  if (url.username !== undefined || url.password !== undefined) {
    throw usageError('--to holds a login, and the proxy has none', 'leave it out: each client sends its own')
  }
  if (url.topic !== undefined) throw usageError('--to holds a topic, and the proxy passes all', 'leave it out')
  const { transport } = url
  const target: Target =
    transport === 'unix'
      ? { transport, path: url.path ?? '' }
      : transport === 'tcp' || transport === 'tls'
        ? { transport, host: url.host, port: url.port ?? defaultPorts[transport] }
        : {
            transport,
            host: url.host,
            port: url.port ?? defaultPorts[transport],
            path: url.path ?? '/mqtt',
            headers: headersOf(input),
          }
  refuseIdle(input, target)
  return { target, tls: upstreamTls(input), noDelay: true }
}

function headersOf(input: ProxyInput): Readonly<Record<string, string>> {
  return Object.fromEntries(readList(input, 'ws-header', httpHeader))
}

const upstreamTlsNames = ['cafile', 'capath', 'insecure', 'tls-sni', 'tls-alpn', 'to-cert', 'to-key'] as const

/** A typed flag that would do nothing is a mistake. */
function refuseIdle(input: ProxyInput, { transport }: Target): void {
  const [plain] = upstreamTlsNames.filter((name) => isTyped(input, name))
  if (plain !== undefined && transport !== 'tls' && transport !== 'wss') {
    throw usageError(`--${plain} needs TLS, and the way to the broker has none`, 'write --to with mqtts:// or wss://')
  }
  if (isTyped(input, 'ws-header') && transport !== 'ws' && transport !== 'wss') {
    throw usageError('--ws-header is for WebSocket only', 'write --to with ws:// or wss://')
  }
}

function upstreamTls(input: ProxyInput): TlsSettings {
  const { flags } = input
  if ((flags['to-cert'] === undefined) !== (flags['to-key'] === undefined)) {
    throw usageError('a certificate for the broker needs both --to-cert and --to-key', 'give both, or neither')
  }
  return {
    insecure: flags.insecure === true,
    ...(flags.cafile !== undefined && { caFile: flags.cafile }),
    ...(flags.capath !== undefined && { caPath: flags.capath }),
    ...(flags['to-cert'] !== undefined && { certFile: flags['to-cert'] }),
    ...(flags['to-key'] !== undefined && { keyFile: flags['to-key'] }),
    ...(flags['tls-sni'] !== undefined && { serverName: flags['tls-sni'] }),
    ...(flags['tls-alpn'] !== undefined && { alpn: listedNames(flags['tls-alpn']) }),
  }
}

function faultRules(input: ProxyInput, name: FaultName): readonly FaultRule[] {
  return readList(input, name, (text, flag) => ({
    ...faultRule(name, text, flag),
    text: `${flag} ${text}`,
  }))
}

function openNotes(listeners: ProxySettings['listeners']): readonly string[] {
  const open = listeners.filter(({ host }) => !isLoopback(host)).map(({ host, port }) => `${host} port ${port}`)
  if (open.length === 0) return []
  const everybody = `everybody who reaches ${open.join(' or ')} gets to the broker through here`
  return [`${everybody}; --listen with a port alone lets in only this machine`]
}

function notesOf(input: ProxyInput, faults: readonly FaultRule[], drawnSeed: number | undefined): readonly string[] {
  const isChance = faults.some(({ target, effect }) => target.which.share === 'chance' || effect.fault === 'corrupt')
  return [
    ...(input.flags.insecure === true
      ? ['--insecure: the broker’s certificate is not verified, anyone may be in between']
      : []),
    ...(isChance && drawnSeed !== undefined ? [`the faults of this run come again with --seed ${drawnSeed}`] : []),
  ]
}
