/** How a command of the user's own ended. */
export interface ShellEnd {
  /** Null where a signal ended it, or where it never began. */
  readonly exitCode: number | null
  readonly signal: string | null
}

/** A command of the user's own in a shell, with all that it started. */
export interface ShellRun {
  readonly ended: Promise<ShellEnd>
  /** What it wrote so far, stdout and stderr as they came: the beginning of it, and how much it was in all. */
  readonly output: { readonly text: string; readonly bytes: number }
  /** Asks it and what it started to end, and makes them. False where nothing was there any more. */
  kill(): Promise<boolean>
}

export type Shell = (command: string) => ShellRun
