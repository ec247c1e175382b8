/**
 * The program in parts, each a file of its own with a code cache of its own, so that a start loads what it uses and
 * nothing else (docs/decisions/005-bundle.md). A module belongs to the first part whose entries import it, and every
 * later part takes it from there: there is one of each. What is imported when it is needed, and is not an entry here,
 * is in the last.
 */
export const parts = [
  // A publish over TCP or a unix socket runs on this alone: nothing in here may come from a package.
  { name: 'start', entries: ['src/command/main.ts', 'commands/pub.ts'] },
  {
    name: 'report',
    entries: [
      'src/command/report-error.ts',
      'src/command/advice.ts',
      'src/command/output/trace-output.ts',
      'src/connection/wire-watch.ts',
    ],
  },
  {
    name: 'transports',
    entries: [
      'src/connection/transport/tls/tls.ts',
      'src/connection/transport/websocket.ts',
      'src/connection/transport/slicing-transport.ts',
    ],
  },
  { name: 'session', entries: ['commands/sub.ts', 'src/connection/driver/mqttjs-driver.ts'] },
  { name: 'rest', entries: [] },
]

/** How a part names a module of another: the loader in bin/ knows such names from those of packages. */
export const partReference = (part, path) => `part:${part}/${path}`
