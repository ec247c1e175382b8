import { brokerUrl, listedUrls } from '../values/broker-url.ts'

/** The secrets among the words of a command line and the environment, so that what a broker repeats of them can be told. */
export function secretsAmong(flags: Readonly<Record<string, unknown>>): readonly string[] {
  const { password, keypw, url, a, b } = flags
  const headers = textList(flags['ws-header']).flatMap(headerSecrets)
  const authentication = textList(flags.property).flatMap(authenticationData)
  return [password, keypw, ...[url, a, b].flatMap(urlPasswords), ...headers, ...authentication].filter(isText)
}

function isText(secret: unknown): secret is string {
  return typeof secret === 'string' && secret !== ''
}

/** `Bearer TOKEN`, and the token alone. */
function headerSecrets(header: string): readonly string[] {
  const value = header.replace(/^[^:=]*[:=]\s*/, '')
  return [value, value.split(' ').at(-1) ?? value]
}

function textList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value : []
}

/** As it was written and as it is meant: %2F and /. */
function urlPasswords(urls: unknown): readonly string[] {
  return typeof urls === 'string' ? listedUrls(urls).flatMap(urlPassword) : []
}

function urlPassword(url: string): readonly string[] {
  const written = /:\/\/[^:@/]*:([^/]*)@/.exec(url)?.[1] ?? ''
  return [written, decodedPassword(url)]
}

function decodedPassword(url: string): string {
  try {
    return brokerUrl(url, 'url').password ?? ''
  } catch {
    return ''
  }
}

function authenticationData(use: string): readonly string[] {
  if (!use.includes('authentication-data')) return []
  return use.startsWith('["') ? (JSON.parse(use) as string[]).slice(2) : use.trim().split(/\s+/).slice(2)
}
