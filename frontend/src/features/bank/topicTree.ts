/** The topics as a tree, read from top to bottom. */
import type { Topic } from './queries'

export interface TopicNode extends Topic { depth: number; siblings: Topic[] }

/** Every topic after its parent, siblings in their order; a topic whose parent is missing stands at the top. */
export function topicTree(topics: Topic[]): TopicNode[] {
  const known = new Set(topics.map((one) => one.id))
  const out: TopicNode[] = []
  const walk = (parent: number, depth: number) => {
    const siblings = topics.filter((one) => (one.parentId && known.has(one.parentId) ? one.parentId : 0) === parent).sort((a, b) => a.sort - b.sort || a.id - b.id)
    for (const one of siblings) {
      out.push({ ...one, depth, siblings })
      walk(one.id, depth + 1)
    }
  }
  walk(0, 0)
  return out
}

/** The topic and everything below it: where it cannot go. */
export function withBelow(topics: Topic[], id: number): Set<number> {
  const all = new Set([id])
  for (let grew = true; grew; ) {
    grew = false
    for (const one of topics) {
      if (one.parentId && all.has(one.parentId) && !all.has(one.id)) {
        all.add(one.id)
        grew = true
      }
    }
  }
  return all
}
