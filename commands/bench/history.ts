import { historyArgs } from '../../src/cli/args.ts'
import { historyFlags } from '../../src/cli/flags/bench-history.ts'
import { historySettingsFrom } from '../../src/cli/settings/bench/history.ts'
import { usageError } from '../../src/cli/usage-error.ts'
import { BaseCommand } from '../../src/command/base-command.ts'
import type { LoadHistory } from '../../src/features/bench/history/history.ts'
import { readHistory } from '../../src/features/bench/history/read-history.ts'
import type { ExportFormat } from '../../src/features/bench/history/settings.ts'
import { exportText } from '../../src/render/bench/exports/export-text.ts'
import { historyLines } from '../../src/render/bench/history/history-lines.ts'
import { loadTitle } from '../../src/render/bench/history/load-title.ts'
import { jsonText } from '../../src/render/json-text.ts'
import { createTheme } from '../../src/render/theme.ts'

export default class BenchHistory extends BaseCommand {
  static override summary = 'Show how results that were saved change over time, load by load.'
  static override args = historyArgs
  static override strict = false
  static override flags = historyFlags
  static override examples = [
    '<%= config.bin %> bench --rate 1000 --save results && <%= config.bin %> bench history results',
    '<%= config.bin %> bench history results --last 1 --export benchmark-action > bench.json',
  ]

  async run(): Promise<void> {
    const { folder, last, only = '', format, json } = historySettingsFrom(await this.readInput<typeof historyFlags>())
    const all = await readHistory(folder, last, this.signal)
    const history = { ...all, loads: all.loads.filter((each) => hasInIt(each, only)) }
    if (format === undefined) {
      const lines = json ? [jsonText(history)] : historyLines(history, createTheme(this.terminal.color))
      this.terminal.writeOut(`${lines.join('\n')}\n`)
      return
    }
    for (const { place, problem } of history.skipped) this.note(`${place} is left out: ${problem}`)
    refuseSeveral(history.loads, format)
    this.terminal.writeOut(exportText(history.loads, format))
  }
}

function hasInIt({ load }: LoadHistory, text: string): boolean {
  return loadTitle(load).includes(text) || load.target.includes(text)
}

/** A table has one course in it: runs of several loads in one would look like jumps. */
function refuseSeveral(loads: readonly LoadHistory[], format: ExportFormat): void {
  if (format !== 'otava-csv' || loads.length <= 1) return
  const titles = loads.map(({ load }) => `${loadTitle(load)}, ${load.target}`).join('; ')
  throw usageError(`otava-csv holds one load, and here are ${loads.length}: ${titles}`, 'choose one with --only TEXT')
}
