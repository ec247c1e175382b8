import { importsOf } from './imports.ts'
import type { SourceFile } from './source-file.ts'

interface Layered {
  readonly room: string
  /** Its folders, each above all that follow: a file imports from its own folder and from those below. */
  readonly folders: readonly string[]
  /** The files beside the folders that stand above them all; the others lie below them all. */
  readonly onTop: RegExp
}

const layeredRooms: readonly Layered[] = [
  {
    room: 'src/features/bench',
    folders: [
      'scenario',
      'duet',
      'history',
      'merge',
      'compare',
      'ceiling',
      'report',
      'surroundings',
      'coordinator',
      'observe',
      'rendezvous',
      'retained',
      'workers',
      'clients',
      'preflight',
      'messages',
      'pace',
      'clocks',
      'counters',
      'shards',
      'naming',
    ],
    onTop: /^run-/,
  },
]

/** Imports inside a layered room that run back up, and folders of it that have no layer. */
export function upwardImports(files: readonly SourceFile[]): readonly string[] {
  return layeredRooms.flatMap((layered) => {
    const own = files.filter(({ path }) => path.startsWith(`${layered.room}/`))
    const unknown = own.filter(({ path }) => layerOf(layered, path) === -1).map(({ path }) => `${path} has no layer`)
    const upward = own
      .flatMap(importsOf)
      .filter(({ from, to, isOurs }) => isOurs && to.startsWith(`${layered.room}/`) && isUpward(layered, from, to))
      .map(({ from, to }) => `${from} may not import ${to}, which is above it`)
    return [...unknown, ...upward]
  })
}

function isUpward(layered: Layered, from: string, to: string): boolean {
  return layerOf(layered, to) < layerOf(layered, from)
}

/** 0 at the top; -1 for a folder that nobody gave a layer. */
function layerOf({ room, folders, onTop }: Layered, path: string): number {
  const [first = '', ...rest] = path.slice(room.length + 1).split('/')
  if (rest.length > 0) return folders.includes(first) ? folders.indexOf(first) + 1 : -1
  return onTop.test(first) ? 0 : folders.length + 1
}
