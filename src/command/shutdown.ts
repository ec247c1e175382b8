import type { Terminal } from './terminal.ts'

/** A command that was asked to stop has 2 s for acknowledgements and then its DISCONNECT; nothing may hold it longer. */
export const stopDeadlineMs = 4000

/** `| head -1` ends within a second of the next message. */
export const outputClosedDeadlineMs = 900

/** How long a finished command may be held up by something that it left open. */
const graceMs = 1000

/** Lets Node leave by itself; what was left open by mistake must not keep the shell waiting, but unread output may. */
export function shutDownWhenWritten(terminal: Terminal): void {
  const leave = () => (terminal.pendingBytes === 0 ? shutDownAtOnce() : shutDownWhenWritten(terminal))
  setTimeout(leave, graceMs).unref()
}

/** Without waiting for anything. Node puts a terminal back into its own mode as it exits. */
export function shutDownAtOnce(exitCode?: number): never {
  process.exit(exitCode ?? process.exitCode) // an explicit undefined would make it 0
}
