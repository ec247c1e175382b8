import { flagGroup, switchFlag, valueFlag } from './flag.ts'

export const tlsFlags = flagGroup('TLS', {
  tls: switchFlag({ summary: 'Use TLS with the certificate authorities that Node trusts.' }),
  cafile: valueFlag({ value: 'path', summary: 'Trust the PEM certificates in this file; turns TLS on.' }),
  capath: valueFlag({ value: 'folder', summary: 'Trust the PEM certificates in this folder; turns TLS on.' }),
  cert: valueFlag({ value: 'path', summary: 'Our certificate, PEM; needs --key; turns TLS on.' }),
  key: valueFlag({ value: 'path', summary: 'Private key of our certificate, PEM; needs --cert.' }),
  keypw: valueFlag({ value: 'passphrase', aliases: ['keypass'], summary: 'Passphrase of the private key.' }),
  insecure: switchFlag({ summary: 'Accept any certificate. Anyone on the way can then read and change everything.' }),
  'tls-version': valueFlag({
    value: 'version',
    summary: 'Exactly this TLS version: 1.3, 1.2, or for old brokers 1.1 and 1.0 (also tlsv1.2 …).',
  }),
  ciphers: valueFlag({ value: 'list', summary: 'Ciphers to offer, in OpenSSL’s notation.' }),
  'tls-alpn': valueFlag({ value: 'protocol', summary: 'ALPN protocol to offer; several with commas.' }),
  'tls-sni': valueFlag({ value: 'name', summary: 'Server name to ask for and to verify; the host by default.' }),
})
