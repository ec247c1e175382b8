/** How records of a cipher suite are sealed. */
export interface CipherSuite {
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305'
  readonly hash: 'sha256' | 'sha384'
  readonly keyBytes: number
  /** TLS 1.2: whether each record brings 8 bytes of its nonce. */
  readonly hasExplicitNonce: boolean
}

const aes128 = { cipher: 'aes-128-gcm', hash: 'sha256', keyBytes: 16, hasExplicitNonce: true } as const
const aes256 = { cipher: 'aes-256-gcm', hash: 'sha384', keyBytes: 32, hasExplicitNonce: true } as const
const chacha20 = { cipher: 'chacha20-poly1305', hash: 'sha256', keyBytes: 32, hasExplicitNonce: false } as const

/** By their number at IANA: those of TLS 1.3, and those of 1.2 that are AEADs. */
const suites: ReadonlyMap<number, CipherSuite> = new Map<number, CipherSuite>([
  [0x1301, aes128],
  [0x1302, aes256],
  [0x1303, chacha20],
  [0x009c, aes128], // RSA
  [0x009e, aes128], // DHE RSA
  [0xc02b, aes128], // ECDHE ECDSA
  [0xc02f, aes128], // ECDHE RSA
  [0x009d, aes256],
  [0x009f, aes256],
  [0xc02c, aes256],
  [0xc030, aes256],
  [0xcca8, chacha20],
  [0xcca9, chacha20],
  [0xccaa, chacha20],
])

export function cipherSuite(number: number): CipherSuite | undefined {
  return suites.get(number)
}
