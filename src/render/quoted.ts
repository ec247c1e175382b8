import { escapeForTerminal } from './escape.ts'

const mostCharacters = 120

/** A string from the wire, in quotes and on one line. What is cut off is in the JSON form. */
export function quoted(text: string): string {
  if (text.length <= mostCharacters) return `"${escapeForTerminal(text)}"`
  const head = [...text.slice(0, mostCharacters + 1)].slice(0, mostCharacters - 1).join('') // not between two halves
  return `"${escapeForTerminal(head)}…"`
}
