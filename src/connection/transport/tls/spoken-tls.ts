import { connect } from 'node:tls'
import { type ErrorDetails, MqttCliError } from '../../../errors.ts'
import type { Abortable } from '../../abort.ts'
import { connectTcp, type HostAndPort } from '../tcp.ts'
import type { TransportSettings } from '../transport.ts'

/** Asked once, after a refusal: a server that says nothing more must not keep the answer from the user. */
const askMs = 3000
export const anyCiphers = 'DEFAULT@SECLEVEL=0'

/** The same refusal, with the version that the server does speak: a refusal of ours or of its names none. */
export async function withSpokenVersion(
  refusal: MqttCliError,
  settings: TransportSettings,
  target: HostAndPort,
  deadline: Abortable,
): Promise<MqttCliError> {
  const spoken = await spokenVersion(settings, target, deadline).catch(() => undefined)
  if (spoken === undefined) return refusal
  const { message, details } = refusal
  const facts = { ...details.facts, speaks: spoken }
  return new MqttCliError(refusal.kind, `${message}; it speaks ${spoken}`, { ...details, ...adviceFor(spoken), facts })
}

function adviceFor(spoken: string): Pick<ErrorDetails, 'causes' | 'tries'> {
  if (spoken === 'TLSv1.2' || spoken === 'TLSv1.3') {
    return { causes: [{ try: 'tls-version-asks' }], tries: [{ try: 'no-tls-version' }] }
  }
  const version = spoken === 'TLSv1' ? '1.0' : spoken.replace('TLSv', '')
  return {
    causes: [`the broker speaks nothing newer than ${spoken}, which is old and weak`],
    tries: ['have the broker updated', { try: 'old-tls-version', version, ciphers: anyCiphers }],
  }
}

/** Another connection, which takes whatever the server offers, and ends with the handshake. Nothing is sent over it. */
async function spokenVersion(
  settings: TransportSettings,
  target: HostAndPort,
  deadline: Abortable,
): Promise<string | undefined> {
  const { socket } = await connectTcp(settings, target, deadline)
  const servername = settings.tls.serverName
  return new Promise((resolve) => {
    const secure = connect({
      socket,
      minVersion: 'TLSv1',
      ciphers: anyCiphers,
      rejectUnauthorized: false,
      ...(servername !== undefined && { servername }),
    })
    const done = (version?: string) => {
      clearTimeout(timer)
      deadline.removeEventListener('abort', give)
      secure.destroy()
      resolve(version)
    }
    const give = () => done()
    const timer = setTimeout(give, askMs)
    deadline.addEventListener('abort', give, { once: true })
    secure.on('error', give)
    secure.once('secureConnect', () => done(secure.getProtocol() ?? undefined))
  })
}
