import { brokerUrl, listedUrls } from '../values/broker-url.ts'

/** Shorter ones would mask half of every sentence, and are no secret. */
const shortestMasked = 4

/** The secrets among the words of a command line and the environment, so that nothing we print can repeat them. */
export function secretsAmong(flags: Readonly<Record<string, unknown>>): readonly string[] {
  const { password, keypw, url } = flags
  const headers = textList(flags['ws-header']).flatMap(headerSecrets)
  const authentication = textList(flags.property).flatMap(authenticationData)
  return [password, keypw, ...urlPasswords(url), ...headers, ...authentication].filter(isWorthMasking)
}

/** Each secret that is one, as it is and as JSON writes it; what holds another comes before it. */
export function secretForms(secrets: readonly string[]): readonly string[] {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
  return [...new Set(forms.filter(isWorthMasking))].sort((left, right) => right.length - left.length)
}

/** `text` without any of the secrets. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text)
}

function isWorthMasking(secret: unknown): secret is string {
  return typeof secret === 'string' && secret.length >= shortestMasked
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
