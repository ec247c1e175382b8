import { sharedFilter } from '../../../protocol/topic-filter.ts'
import { numberMark, numberNamed, withNumber } from './message-topic.ts'

interface Node<Value> {
  /** By level of the filter; `+` and `#` too. */
  readonly children: Map<string, Node<Value>>
  readonly values: Value[]
}

interface Found<Value> {
  readonly value: Value
  /** The filter names the number of a message: it matches that one only. */
  readonly number?: number
}

/** Values by topic filter. Ten thousand filters are found by their topics without a look at each of them. */
export class FilterTree<Value> {
  readonly #root: Node<Value> = { children: new Map(), values: [] }

  add(filter: string, value: Value): void {
    let node = this.#root
    for (const level of (sharedFilter(filter)?.filter ?? filter).split('/')) {
      const next = node.children.get(level) ?? { children: new Map(), values: [] }
      node.children.set(level, next)
      node = next
    }
    node.values.push(value)
  }

  /** The values of all filters that match this topic, which may have marks for the number of the message. */
  find(topic: string): Found<Value>[] {
    const found: Found<Value>[] = []
    const levels = topic.split('/')
    const take = (node: Node<Value> | undefined, number: number | undefined) => {
      for (const value of node?.values ?? []) found.push({ value, ...(number !== undefined && { number }) })
    }
    const visit = (node: Node<Value>, depth: number, number: number | undefined): void => {
      const seesWildcards = depth > 0 || topic[0] !== '$' // [MQTT-4.7.2-1]
      if (seesWildcards) take(node.children.get('#'), number) // a/# includes a itself
      const level = levels[depth]
      if (level === undefined) take(node, number)
      else {
        const any = seesWildcards ? node.children.get('+') : undefined
        if (any !== undefined) visit(any, depth + 1, number)
        for (const [child, named] of sameLevels(node, level, number)) visit(child, depth + 1, named)
      }
    }
    visit(this.#root, 0, undefined)
    return found
  }
}

/** The children that are this level of a topic, each with the number that it names. */
function sameLevels<Value>(
  { children }: Node<Value>,
  level: string,
  number: number | undefined,
): ReadonlyArray<readonly [child: Node<Value>, number: number | undefined]> {
  if (number === undefined && level.includes(numberMark)) {
    const named = [...children].map(([key, child]) => [child, numberNamed(key, level)] as const)
    return named.filter(([, each]) => each !== undefined)
  }
  const child = children.get(number === undefined ? level : withNumber(level, number))
  return child === undefined ? [] : [[child, number]]
}
