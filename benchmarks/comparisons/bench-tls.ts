import type { Comparison } from '../comparison.ts'
import { loadSection } from '../load-section.ts'
import { benchPubRows } from './bench-pub.ts'
import { benchSubRow } from './bench-sub.ts'

/** The same loads over TLS, held against what they may take without. */
export const benchTls: Comparison = {
  name: 'bench-tls',
  run: async (bench) => loadSection([...(await benchPubRows(bench, 'tls')), await benchSubRow(bench, 'tls')]),
}
