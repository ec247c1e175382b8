import type { Standing } from '../connection/reconnect/standing.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import type { MqttCliError } from '../errors.ts'
import type { WireEvent } from '../protocol/session/wire-event.ts'
import { BaseCommand } from './base-command.ts'
import { reconnectNote, standingNote } from './reconnect-note.ts'

/** What makes a tap; loaded only when somebody wants to see the wire. */
interface WireWatch<Tap> {
  watchWire(startNanoseconds: bigint, onEvent: (event: WireEvent) => void): Tap
}

interface Faulty {
  endConnectionAtFault(error: unknown): boolean
}

type Work = (connection: ConnectionSettings) => Promise<void>

/** What runs work against a broker inside this process; loaded only for `--embedded`. */
interface Embedding {
  withEmbeddedBroker(settings: ConnectionSettings, started: (broker: Faulty) => void, work: Work): Promise<void>
}

/** A command with a connection: traced when asked, on a broker of its own when asked, and open about reconnects. */
export abstract class ConnectedCommand extends BaseCommand {
  /** Does the work against the broker that the settings name, or against one in this process. */
  protected async onBroker(
    { connection, embedded }: { readonly connection: ConnectionSettings; readonly embedded: boolean },
    load: () => Promise<Embedding>,
    work: Work,
  ): Promise<void> {
    if (!embedded) return work(connection)
    const { withEmbeddedBroker } = await load()
    const claim = (broker: Faulty) => this.claimUncaught((error) => broker.endConnectionAtFault(error))
    return withEmbeddedBroker(connection, claim, work)
  }

  /** The part of a feature's context that is the same for all of them. Without a trace there is no tap, and no cost. */
  protected async watched<Tap>(trace: 'text' | 'json' | undefined, load: () => Promise<WireWatch<Tap>>) {
    const shared = {
      signal: this.signal,
      reconnecting: (error: MqttCliError, delayMs: number) => this.note(reconnectNote(error, delayMs)),
      notice: (message: string) => this.note(message),
      standing: (standing: Standing) => {
        const note = standingNote(standing)
        if (note !== undefined) this.note(note)
      },
    }
    if (trace === undefined) return shared
    const [{ watchWire }, { traceOutput }] = await Promise.all([load(), import('./output/trace-output.ts')])
    return { ...shared, tap: watchWire(process.hrtime.bigint(), traceOutput(this.terminal, trace, this.concealer)) }
  }
}
