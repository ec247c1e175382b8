import { usageError } from '../../usage-error.ts'

/** As a browser writes it in `Origin`: scheme, host, and a port that is not the scheme's own. `null` is a page without one. */
export function webOrigin(text: string, saidAs: string): string {
  if (text === '*' || text === 'null') return text
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && url.origin !== 'null' && url.pathname === '/' && url.search === '') return url.origin
  throw usageError(
    `${saidAs} is not the origin of a web page: ${JSON.stringify(text)}`,
    'write https://app.example, or * for any',
  )
}
