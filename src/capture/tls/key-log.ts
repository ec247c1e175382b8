/** The secrets of one TLS connection, by the label that a key log gives them. */
export type TlsSecrets = ReadonlyMap<string, Buffer>

/** Secrets by the client random of the connection, in hex; undefined where there are none. */
export type FindSecrets = (clientRandom: string) => TlsSecrets | undefined

const line = /^([A-Z0-9_]+) ([0-9a-fA-F]{64}) ([0-9a-fA-F]{64,96})\s*$/

/** Reads a key log, as browsers, OpenSSL and `--tls-keylog` write it. Lines of another form say nothing to us. */
export function readKeyLog(text: string): ReadonlyMap<string, TlsSecrets> {
  const byClientRandom = new Map<string, Map<string, Buffer>>()
  for (const each of text.split('\n')) {
    const [, label, clientRandom, secret] = line.exec(each) ?? []
    if (label === undefined || clientRandom === undefined || secret === undefined) continue
    const key = clientRandom.toLowerCase()
    const secrets = byClientRandom.get(key) ?? new Map<string, Buffer>()
    byClientRandom.set(key, secrets.set(label, Buffer.from(secret, 'hex')))
  }
  return byClientRandom
}
