import type { Advice } from '../advice.ts'
import { monotonicNanoseconds } from '../connection/clock.ts'
import type { Standing } from '../connection/reconnect/standing.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import type { MqttCliError } from '../errors.ts'
import type { EmbeddedBroker } from '../features/embedded-broker/settings.ts'
import { BaseCommand } from './base-command.ts'
import { reconnectNote, standingNote } from './reconnect-note.ts'

type Work = (connection: ConnectionSettings) => Promise<void>

/** A command with a connection: traced when asked, on a broker of its own when asked, and open about reconnects. */
export abstract class ConnectedCommand extends BaseCommand {
  /** Does the work against the broker that the settings name, or against one in this process. */
  protected async onBroker(
    { connection, embedded }: { readonly connection: ConnectionSettings; readonly embedded: boolean },
    work: Work,
  ): Promise<void> {
    if (!embedded) return work(connection)
    const { withEmbeddedBroker } = await import('../features/embedded-broker/with-embedded-broker.ts')
    const claim = (broker: EmbeddedBroker) => this.claimUncaught((error) => broker.endConnectionAtFault(error))
    return withEmbeddedBroker(connection, claim, work)
  }

  /** The part of a feature's context that is the same for all of them. Without a trace there is no tap, and no cost. */
  protected async watched(trace: 'text' | 'json' | undefined) {
    const shared = {
      signal: this.signal,
      reconnecting: (error: MqttCliError, delayMs: number) => this.note(reconnectNote(error, delayMs)),
      notice: (message: Advice) => this.note(message),
      standing: (standing: Standing) => {
        const note = standingNote(standing)
        if (note !== undefined) this.note(note)
      },
    }
    if (trace === undefined) return shared
    const [{ watchWire }, { traceOutput }] = await Promise.all([
      import('../connection/wire-watch.ts'),
      import('./output/trace-output.ts'),
    ])
    return { ...shared, tap: watchWire(monotonicNanoseconds(), traceOutput(this.terminal, trace, this.concealer)) }
  }
}
