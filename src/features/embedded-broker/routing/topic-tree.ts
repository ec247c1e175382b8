/** A level of topics or filters, and what stands at its end. */
interface TopicNode<Value> {
  value?: Value
  children?: Map<string, TopicNode<Value>>
}

/** More levels than this are in no topic and no filter: each costs a node. */
const maximumTopicLevels = 100

export function isTooDeep(topicOrFilter: string): boolean {
  let levels = 1
  for (let at = topicOrFilter.indexOf('/'); at !== -1; at = topicOrFilter.indexOf('/', at + 1)) levels++
  return levels > maximumTopicLevels
}

/** What an entry of this name costs at most, when it shares no level with others. */
export function entryBytes(name: string): number {
  return 300 + name.length * 4 + name.split('/').length * 250
}

/** Values by topic or by filter, level for level: looking one up costs what matches it, not what there is. */
export class TopicTree<Value> {
  readonly root: TopicNode<Value> = {}

  get(name: string): Value | undefined {
    let node: TopicNode<Value> | undefined = this.root
    for (const level of name.split('/')) {
      node = node?.children?.get(level)
      if (node === undefined) return undefined
    }
    return node.value
  }

  /** The value at this name, which `make` gives when there is none. */
  getOrMake(name: string, make: () => Value): Value {
    let node = this.root
    for (const level of name.split('/')) node = childOf(node, level)
    node.value ??= make()
    return node.value
  }

  set(name: string, value: Value): void {
    let node = this.root
    for (const level of name.split('/')) node = childOf(node, level)
    node.value = value
  }

  delete(name: string): void {
    const levels = name.split('/')
    const path: TopicNode<Value>[] = [this.root]
    for (const level of levels) {
      const next = path[path.length - 1]?.children?.get(level)
      if (next === undefined) return
      path.push(next)
    }
    delete path[path.length - 1]!.value
    prune(path, levels)
  }
}

function childOf<Value>(node: TopicNode<Value>, level: string): TopicNode<Value> {
  node.children ??= new Map()
  const known = node.children.get(level)
  if (known !== undefined) return known
  const made: TopicNode<Value> = {}
  node.children.set(ownText(level), made)
  return made
}

/** A level is a window on the text that it was cut from, and would keep all 64 KiB of that alive. */
function ownText(level: string): string {
  return Buffer.from(level).toString()
}

/** Takes away the nodes, from the last one up, that lead to nothing any more. */
function prune<Value>(path: readonly TopicNode<Value>[], levels: readonly string[]): void {
  for (let depth = levels.length; depth > 0; depth--) {
    const { value, children } = path[depth]!
    if (value !== undefined || children !== undefined) return
    const above = path[depth - 1]!
    above.children?.delete(levels[depth - 1]!)
    if (above.children?.size === 0) delete above.children
  }
}

/** Shows what stands at every filter that matches this topic. */
export function eachFilterFor<Value>(tree: TopicTree<Value>, topic: string, show: (value: Value) => void): void {
  const levels = topic.split('/')
  const visit = (node: TopicNode<Value>, depth: number): void => {
    const { children } = node
    const isHidden = depth === 0 && topic.startsWith('$') // from wildcards in the first level [MQTT-4.7.2-1]
    const rest = isHidden ? undefined : children?.get('#')?.value // a/# matches a too [MQTT-4.7.1-2]
    if (rest !== undefined) show(rest)
    if (depth === levels.length) {
      if (node.value !== undefined) show(node.value)
      return
    }
    if (children === undefined) return
    const exact = children.get(levels[depth]!)
    if (exact !== undefined) visit(exact, depth + 1)
    const any = isHidden ? undefined : children.get('+')
    if (any !== undefined) visit(any, depth + 1)
  }
  visit(tree.root, 0)
}

/**
 * What stands at every topic that this filter matches. A step at a time, `undefined` for one that brought nothing: a
 * filter of wildcards may look at all there is, and others want their turn in between.
 */
export function* eachTopicFor<Value>(tree: TopicTree<Value>, filter: string): Generator<Value | undefined> {
  const hidden = tree.root // what begins with $ is hidden from wildcards, in the first level [MQTT-4.7.2-1]
  yield* below(tree.root, filter.split('/'), 0, hidden)
}

function* below<Value>(
  node: TopicNode<Value>,
  levels: readonly string[],
  depth: number,
  hidden: TopicNode<Value>,
): Generator<Value | undefined> {
  const level = levels[depth]
  if (level === undefined || level === '#') yield node.value
  if (level === undefined) return
  const isWildcard = level === '#' || level === '+'
  if (!isWildcard) {
    const next = node.children?.get(level)
    if (next !== undefined) yield* below(next, levels, depth + 1, hidden)
    return
  }
  for (const [name, next] of node.children ?? []) {
    if (node === hidden && name.startsWith('$')) continue
    yield* below(next, levels, level === '#' ? depth : depth + 1, hidden)
  }
}
