import { basename } from 'node:path'
import { codeOnly, type SourceFile, textsIn } from './source-file.ts'

interface Ban {
  readonly what: string
  readonly pattern: RegExp
  readonly where: (path: string) => boolean
}

const pureFolders = /^src\/(protocol|payload|observation|capture|features|render)\//

const bans: readonly Ban[] = [
  {
    what: 'process.exit',
    pattern: /\bprocess\s*\.\s*exit\b(?!Code)/,
    where: (path) => !path.startsWith('src/command/'),
  },
  { what: 'console', pattern: /\bconsole\s*[.[]/, where: (path) => !path.startsWith('src/command/') },
  { what: 'process', pattern: /\bprocess\s*[.[?]/, where: (path) => pureFolders.test(path) },
  {
    what: 'a clock, a timer or chance',
    pattern:
      /\b(Date\s*\.\s*now|new\s+Date\(\)|performance\s*\.|set(Timeout|Interval|Immediate)\s*\(|Math\s*\.\s*random)/,
    where: (path) => path.startsWith('src/protocol/'),
  },
  {
    what: 'a clock of its own',
    pattern: /\b(Date\s*\.\s*now|performance\s*\.\s*now|hrtime)\b/,
    where: (path) => path !== 'src/connection/clock.ts' && !path.startsWith('src/protocol/'),
  },
  {
    what: 'a default export',
    pattern: /\bexport\s+default\b|\bas\s+default\b/,
    where: (path) => !path.startsWith('commands/'),
  },
]

const namelessFile = /^(utils?|helpers?|common|misc|managers?)\.ts$|-(utils?|helpers?|manager)\.ts$/

/** What no file may hold where it is. */
export function banBreaches(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => [
    ...wordBreaches(file),
    ...flagBreaches(file),
    ...nameBreaches(file),
    ...barrelBreaches(file),
  ])
}

function wordBreaches({ path, text }: SourceFile): readonly string[] {
  const code = codeOnly(text)
  return bans
    .filter(({ where, pattern }) => where(path) && pattern.test(code))
    .map(({ what }) => `${path} holds ${what}`)
}

/** Only `src/command` knows which flags the command at hand has: advice travels as keys (`src/advice.ts`). */
const belowFlags = /^src\/(protocol|payload|observation|capture|connection|features)\//
/** `--port`, `-V`: of other programs' options (`openssl x509 -in`) nothing looks like that. */
const flagInWords = /(?<![-\w])--[a-z]|(?<=^['"`]|\s)-[A-Z]\b/

function flagBreaches({ path, text }: SourceFile): readonly string[] {
  if (!belowFlags.test(path)) return []
  return textsIn(text)
    .filter((each) => flagInWords.test(each))
    .map((each) => `${path} names a flag of a command: ${each}`)
}

function nameBreaches({ path }: SourceFile): readonly string[] {
  if (namelessFile.test(basename(path))) return [`${path} has no name: say what it is`]
  return path.startsWith('src/') && basename(path) === 'index.ts'
    ? [`${path} is a barrel: import from where it lives`]
    : []
}

const reExport = /^\s*export\s+(?:type\s+)?(?:\*|\{[^}]*\})[^\n]*?\bfrom\s*''\s*;?\s*$/gm

/** A file of nothing but re-exports. */
function barrelBreaches({ path, text }: SourceFile): readonly string[] {
  const code = codeOnly(text)
  const rest = code.replace(reExport, '')
  return rest !== code && rest.trim() === '' ? [`${path} is a barrel: import from where it lives`] : []
}
