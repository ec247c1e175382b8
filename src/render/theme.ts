import { Chalk } from 'chalk'

type Paint = (text: string) => string

/** Colour by what a thing is. Never the only signal: every line says the same without it. */
export interface Theme {
  /** From us to the broker. */
  readonly sent: Paint
  /** From the broker to us. */
  readonly received: Paint
  readonly packet: Paint
  readonly topic: Paint
  readonly payload: Paint
  readonly accepted: Paint
  /** A refusal, a failure, a broken rule. */
  readonly refused: Paint
  readonly warning: Paint
  /** Times, sizes, whatever one reads second. */
  readonly muted: Paint
  readonly heading: Paint
  /** Spans beside each other, in turn, so that one sees where each ends. */
  readonly spans: readonly [Paint, ...Paint[]]
}

const sixteenColours = 1

export function createTheme(colour: boolean): Theme {
  const chalk = new Chalk({ level: colour ? sixteenColours : 0 })
  return {
    sent: chalk.cyan,
    received: chalk.magenta,
    packet: chalk.bold,
    topic: chalk.blue,
    payload: chalk.green,
    accepted: chalk.green,
    refused: chalk.red,
    warning: chalk.yellow,
    muted: chalk.dim,
    heading: chalk.bold,
    spans: [chalk.cyan, chalk.yellow, chalk.green, chalk.magenta, chalk.blue],
  }
}
