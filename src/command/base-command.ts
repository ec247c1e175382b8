import { isatty } from 'node:tty'
import type { Arg } from '@oclif/core/interfaces'
import type { Advice, Wording } from '../advice.ts'
import { environmentName, type FlagValues } from '../cli/flags/flag.ts'
import { withPlainTarget } from '../cli/plain-target.ts'
import { type PreparedArgv, prepareArgv } from '../cli/prepare-argv.ts'
import { type DeclaredFlag, isYes, readFlags, refuseFurtherWords } from '../cli/read-flags.ts'
import { filePermissionsNote } from '../cli/secrets/file-permissions.ts'
import { readPassword } from '../cli/secrets/read-password.ts'
import { secretsAmong } from '../cli/secrets/secrets-among.ts'
import type { Input } from '../cli/settings/input.ts'
import type { PasswordSource } from '../cli/settings/login.ts'
import { refuseSubcommandWord } from '../cli/subcommand-words.ts'
import { refuseUndecodable } from '../cli/undecodable.ts'
import { maskLogins } from '../cli/values/broker-url.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import { concealing, findingRepeats } from '../protocol/conceal.ts'
import type { Concealer } from '../render/conceal-finding.ts'
import { escapeForTerminal } from '../render/escape.ts'
import { jsonText } from '../render/json-text.ts'
import { exitCodeOf } from './exit-codes.ts'
import { exitStatus } from './exit-status.ts'
import { ignoresHangUp } from './hang-up.ts'
import { listenForInterrupts } from './interrupts.ts'
import { showHelp } from './show-help.ts'
import { outputClosedDeadlineMs, shutDownAtOnce, shutDownWhenWritten, stopDeadlineMs } from './shutdown.ts'
import { OutputClosed, Terminal } from './terminal.ts'

/** What a settings builder returns at least. */
interface Connectable {
  readonly connection: ConnectionSettings
  readonly passwordSource?: PasswordSource
  readonly notes: readonly string[]
}

const visiblePasswordNote =
  'a password on the command line shows in ps to others on this machine; --ask-password or --password-file hide it'

/** Where a command stands: the folder of the program, and the words that named it, joined by colons. */
interface CommandPlace {
  readonly root: string
  readonly id: string
  /** The commands below it, by their last word. */
  readonly subcommands?: readonly string[]
}

export type CommandClass = new (argv: readonly string[], place: CommandPlace) => BaseCommand

/**
 * The life of every command: argv prepared and read, signals turned into an aborted `signal`, a closed or full stdout
 * likewise, and at the end an error turned into one block on stderr and a number. What it declares of itself is in the
 * words of oclif, which makes its help of it.
 */
export abstract class BaseCommand {
  static summary = ''
  static args: Readonly<Record<string, Arg<string | undefined>>> = {}
  static flags: Readonly<Record<string, DeclaredFlag>> = {}
  static examples: readonly string[] = []
  /** Whether more words than `args` has are an error. */
  static strict = true
  protected readonly root: string
  readonly #id: string
  readonly #argv: readonly string[]
  readonly #subcommands: readonly string[]
  readonly #stopping = new AbortController()
  readonly #uncaughtClaims: Array<(error: unknown) => boolean> = []
  #prepared: PreparedArgv | undefined
  #secrets: readonly string[] = []
  #terminal: Terminal | undefined

  constructor(argv: readonly string[], { root, id, subcommands = [] }: CommandPlace) {
    this.#subcommands = subcommands
    this.#argv = argv
    this.root = root
    this.#id = id
  }

  protected abstract run(): Promise<unknown>

  /** Aborted when the command should stop: by a signal, or because stdout takes no more. The reason says which. */
  protected get signal(): AbortSignal {
    return this.#stopping.signal
  }

  /** Whether somebody can be asked. Not `process.stdin.isTTY`: it opens stdin, and other readers of a pipe lose lines. */
  protected get asking(): { readonly isInputTty: boolean; readonly canAsk: boolean; readonly signal: AbortSignal } {
    const isInputTty = isatty(0)
    return { isInputTty, canAsk: isInputTty && this.terminal.isErrorTty, signal: this.signal }
  }

  /** Opened when first used: a one-shot publish writes nothing. */
  protected get terminal(): Terminal {
    this.#terminal ??= this.#openTerminal()
    return this.#terminal
  }

  /** Flags and words as text. Once, and first. */
  protected async readInput<Flags>(): Promise<Input<FlagValues<Flags>>> {
    const prepared = this.#prepared ?? { typed: [], positional: [] }
    const { args, flags: declared, strict } = this.#declaration
    const read = { ...readFlags(prepared, declared, process.env), words: prepared.positional }
    const { flags, typed, words } = declared.url === undefined ? read : withPlainTarget(read)
    this.#secrets = secretsAmong(flags)
    const { positional, isVerbatim } = prepared
    if (this.#subcommands.length > 0 && isVerbatim !== true) {
      refuseSubcommandWord(positional, {
        id: this.#id,
        subcommands: this.#subcommands,
        takesWords: Object.keys(args).length > 0,
      })
    }
    refuseFurtherWords(words, strict ? Object.keys(args).length : Number.POSITIVE_INFINITY)
    refuseUndecodable({ flags, typed, words })
    return {
      flags: flags as FlagValues<Flags>,
      words,
      typed,
      randomText: () => process.getBuiltinModule('node:crypto').randomBytes(6).toString('hex'),
    }
  }

  /** Flags through a settings builder; then the notes; then, since all is well, the password. */
  protected async readSettings<Flags, Settings extends Connectable>(
    builder: (input: Input<FlagValues<Flags>>) => Settings,
  ): Promise<Omit<Settings, 'passwordSource'>> {
    const input = await this.readInput<Flags>()
    const { passwordSource, ...settings } = builder(input)
    for (const note of settings.notes) this.note(note)
    this.#noteOpenFiles(settings.connection.tls.keyFile, passwordSource)
    if (passwordSource === undefined) return settings
    const password = await this.#readPassword(passwordSource, input.typed)
    return { ...settings, connection: { ...settings.connection, password } }
  }

  /** One line on stderr that is no error: what happened, why it matters, what to try. A broker's words may be in it. */
  protected note(text: Advice): void {
    if (this.#isOn('quiet')) return
    if (typeof text === 'string') this.#writeNote(text)
    else void this.#noteAdvice(text)
  }

  /** What names flags of this command. The words are loaded when there is something to word, and not before. */
  async #noteAdvice(advice: Advice): Promise<void> {
    const words = (await this.wording())(advice)
    if (words !== undefined) this.#writeNote(words)
  }

  /** Puts advice from below into words, with the flags that this command has. */
  protected async wording(): Promise<Wording> {
    const { offeredFlags, wordsOf } = await import('./advice.ts')
    const offered = offeredFlags(this.#declaration.flags)
    return (advice) => wordsOf(advice, offered)
  }

  #writeNote(text: string): void {
    const message = maskLogins(text)
    const line = this.#isOn('json') ? jsonText({ v: 1, type: 'note', message }) : `note: ${escapeForTerminal(message)}`
    this.terminal.writeError(line)
  }

  /** For views of what a server says: it may repeat what it was told. Nothing where there is nothing to repeat. */
  protected get concealer(): Concealer | undefined {
    if (this.#secrets.length === 0) return undefined
    return { conceal: concealing(this.#secrets), findRepeats: findingRepeats(this.#secrets) }
  }

  /** For the embedded broker: an uncaught error that `claim` answers with true is its own, and the process lives on. */
  protected claimUncaught(claim: (error: unknown) => boolean): void {
    this.#uncaughtClaims.push(claim)
  }

  /** From the first word read to the exit code set. */
  async execute(): Promise<void> {
    const stopListening = listenForInterrupts(process, {
      stop: (reason) => this.#stop(reason),
      leave: shutDownAtOnce,
      ignoresHangUp: ignoresHangUp(),
    })
    const onUncaught = (error: unknown) => this.#crash(error)
    process.on('uncaughtException', onUncaught)
    let failure: { readonly error: unknown } | undefined
    await this.#prepareAndRun().catch((error: unknown) => {
      failure = { error }
    })
    const { exitCode, report } = exitStatus(this.signal.aborted ? this.signal.reason : undefined, failure)
    if (report !== undefined) await this.#report(report.error)
    process.exitCode = exitCode
    process.off('uncaughtException', onUncaught)
    stopListening()
    if (this.#terminal !== undefined) shutDownWhenWritten(this.#terminal)
  }

  async #prepareAndRun(): Promise<unknown> {
    const prepared = prepareArgv(this.#argv, this.#declaration.flags)
    this.#prepared = prepared
    if (this.#isTyped('help')) return showHelp(this.terminal, this.root, this.#id)
    return this.run()
  }

  get #declaration(): typeof BaseCommand {
    return this.constructor as typeof BaseCommand
  }

  #stop(reason: unknown): void {
    if (this.signal.aborted) return
    this.#stopping.abort(reason)
    const isClosed = reason instanceof OutputClosed
    setTimeout(
      shutDownAtOnce,
      isClosed ? outputClosedDeadlineMs : stopDeadlineMs,
      isClosed ? undefined : exitCodeOf(reason), // a reader that went away changes nothing that was decided
    ).unref()
  }

  #crash(error: unknown): void {
    if (this.#uncaughtClaims.some((claim) => claim(error))) return
    void this.#report(error).finally(() => shutDownAtOnce(exitCodeOf(error)))
  }

  async #report(error: unknown): Promise<void> {
    const switches = { json: this.#isOn('json'), debug: this.#isOn('debug'), quiet: this.#isOn('quiet') }
    const style = { ...switches, conceal: concealing(this.#secrets), flags: this.#declaration.flags }
    const { reportError } = await import('./report-error.ts')
    reportError(this.terminal, error, style)
  }

  #openTerminal(): Terminal {
    const { stdout, stderr, env } = process
    const terminal = new Terminal({ stdout, stderr, environment: env, noColor: this.#isOn('no-color') })
    terminal.onEnd((end) => this.#stop(end))
    return terminal
  }

  /** A switch, known without parsing: an error in parsing is reported too. */
  #isOn(name: string): boolean {
    const inEnvironment = process.env[environmentName(name)] ?? ''
    return this.#isTyped(name) || isYes(inEnvironment)
  }

  #isTyped(name: string): boolean {
    if (this.#prepared === undefined) return this.#argv.includes(`--${name}`)
    return this.#prepared.typed.some((flag) => flag.name === name && flag.value === true)
  }

  /** A warning for each private key that other users of this machine can read. */
  protected noteOpenKeys(...keyFiles: readonly (string | undefined)[]): void {
    for (const keyFile of new Set(keyFiles)) this.noteOpenFile('the private key', keyFile)
  }

  /** A note when others on this machine can read a file that holds secrets. */
  protected noteOpenFile(what: string, path: string | undefined): void {
    const note = path === undefined ? undefined : filePermissionsNote(what, path)
    if (note !== undefined) this.note(note)
  }

  #noteOpenFiles(keyFile: string | undefined, password: PasswordSource | undefined): void {
    this.noteOpenKeys(keyFile)
    if (password?.from === 'file') this.noteOpenFile('the password file', password.path)
  }

  async #readPassword(source: PasswordSource, typed: ReadonlySet<string>): Promise<Buffer> {
    const isVisible = source.from === 'text' && (typed.has('password') || typed.has('url'))
    if (isVisible && this.terminal.isErrorTty) this.note(visiblePasswordNote)
    const password = await readPassword(source, { ...this.asking, environment: process.env })
    this.#secrets = [...this.#secrets, password.toString()]
    return password
  }
}
