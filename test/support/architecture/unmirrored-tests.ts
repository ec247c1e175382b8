import { dirname } from 'node:path'
import type { SourceFile } from './source-file.ts'

/** Tests that look at the program from outside or at several rooms at once, and so have a folder of their own. */
const ofTheWhole = ['', 'brokers', 'contract', 'deploy', 'faults', 'message-path', 'nodes', 'nothing-lost', 'support']

/** Tests of several files beside them, or of one of these in a second respect. */
const ofSeveral: Readonly<Record<string, readonly string[]>> = {
  'every value, every group of flags or every view in one table': [
    'cli/values/values',
    'cli/flags/flags',
    'render/views/views',
    'render/bench/result-views',
  ],
  'one thing held against the program of somebody else': [
    'protocol/wire/mqtt-packet-agreement',
    'protocol/wire/tshark-agreement',
    'render/mosquitto-format',
    'render/views/mermaid-in-browser',
  ],
  'all packets through encoder and decoder': [
    'protocol/wire/fuzz',
    'protocol/wire/malformed-vectors',
    'protocol/wire/packet-vectors',
    'protocol/wire/round-trip',
  ],
  'a conversation, packet by packet': ['protocol/session/handshakes', 'protocol/session/limits'],
  'the publisher, in what messages share and what a server forbids': [
    'connection/publish/publish-like',
    'connection/publish/publisher-limits',
  ],
  'hostile clients, in a process that their broker survives': [
    'features/embedded-broker/attacks/all-at-once',
    'features/embedded-broker/attacks/unread-answers',
  ],
  'what every transport does alike': ['connection/transport/half-close', 'connection/transport/write-and-drain'],
  'a person at a terminal': ['cli/secrets/password-prompt', 'cli/values/paste/packet-paste'],
}
const excused = new Set(Object.values(ofSeveral).flat())

/** Test files that do not lie where what they test lies, and excuses that nobody needs any more. */
export function unmirroredTests(
  tests: readonly Pick<SourceFile, 'path'>[],
  sources: readonly Pick<SourceFile, 'path'>[],
): readonly string[] {
  const places = placesOf(sources.map(({ path }) => path))
  const names = tests
    .filter(({ path }) => path.endsWith('.test.ts'))
    .map(({ path }) => path.slice('test/'.length, -'.test.ts'.length))
  const loose = names.filter((name) => !isOfTheWhole(name) && !isMirrored(name, places))
  const unneeded = [...excused].filter((name) => !loose.includes(name))
  return [
    ...loose
      .filter((name) => !excused.has(name))
      .map((name) => `test/${name}.test.ts: nothing of that name in its room`),
    ...unneeded.map((name) => `test/${name}.test.ts needs no excuse`),
  ]
}

/** `src/a/b.ts` as a/b, with the folders on the way; `commands/pub.ts` as commands/pub. */
function placesOf(paths: readonly string[]): ReadonlySet<string> {
  const places = new Set<string>()
  for (const path of paths) {
    for (let place = path.replace(/^src\//, '').replace(/\.ts$/, ''); place !== '.'; place = dirname(place))
      places.add(place)
  }
  return places
}

function isOfTheWhole(name: string): boolean {
  const [room = '', ...rest] = name.split('/')
  return ofTheWhole.includes(rest.length === 0 ? '' : room)
}

/** A command and a feature are known by what they do: their tests have names of behaviour, in a folder of theirs. */
function isMirrored(name: string, places: ReadonlySet<string>): boolean {
  if (places.has(name)) return true
  const [room, ...rest] = dirname(name).split('/')
  const isOfBehaviour = (room === 'commands' && rest.length >= 1) || (room === 'features' && rest.length >= 1)
  return isOfBehaviour && places.has(dirname(name))
}
