import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'

/** Signature algorithms by their object identifiers in DER, that OpenSSL refuses at its usual security level. */
const weakSignatures = [
  ['SHA-1', '06092a864886f70d010105'],
  ['SHA-1', '06072a8648ce3d0401'],
  ['MD5', '06092a864886f70d010104'],
].map(([name = '', der = '']) => [name, Buffer.from(der, 'hex')] as const)

const leastRsaBits = 2048
const longestChain = 10

/** What is weak in the certificates that a server showed, in words: Node 20 only says that something is. */
export function weaknessOf(socket: TLSSocket): string | undefined {
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  for (let depth = 0; certificate?.raw !== undefined && depth < longestChain; depth++) {
    const weakness = weaknessIn(certificate)
    if (weakness !== undefined) return weakness
    const issuer: DetailedPeerCertificate | undefined = certificate.issuerCertificate
    certificate = issuer === certificate ? undefined : issuer
  }
  return undefined
}

function weaknessIn({ raw, bits, modulus }: DetailedPeerCertificate): string | undefined {
  const signature = weakSignatures.find(([, der]) => raw.includes(der))
  if (signature !== undefined) return `it is signed with ${signature[0]}`
  return modulus !== undefined && bits !== undefined && bits < leastRsaBits
    ? `its key has only ${bits} bits`
    : undefined
}
