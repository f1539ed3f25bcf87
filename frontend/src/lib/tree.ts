/** Units arrive as a flat list; pickers and trees need them nested. */
export interface FlatUnit {
  id: number
  parentId?: number | null
  name: string
  sort?: number
}

export interface TreeNode<Unit extends FlatUnit = FlatUnit> {
  value: number
  label: string
  unit: Unit
  children?: TreeNode<Unit>[]
}

/** Nests by parentId; a unit whose parent is out of sight becomes a root. Order is the list's own. */
export function nest<Unit extends FlatUnit>(units: Unit[]): TreeNode<Unit>[] {
  const nodes = new Map<number, TreeNode<Unit>>()
  for (const unit of units) nodes.set(unit.id, { value: unit.id, label: unit.name, unit })
  const roots: TreeNode<Unit>[] = []
  for (const unit of units) {
    const node = nodes.get(unit.id)!
    const parent = unit.parentId ? nodes.get(unit.parentId) : undefined
    if (parent) (parent.children ??= []).push(node)
    else roots.push(node)
  }
  return roots
}

/** A unit and everything below it. */
export function subtreeIds(units: FlatUnit[], root: number): Set<number> {
  const children = new Map<number, number[]>()
  for (const unit of units) {
    if (!unit.parentId) continue
    const list = children.get(unit.parentId)
    if (list) list.push(unit.id)
    else children.set(unit.parentId, [unit.id])
  }
  const found = new Set<number>()
  const open = [root]
  while (open.length) {
    const id = open.pop()!
    if (found.has(id)) continue
    found.add(id)
    open.push(...(children.get(id) ?? []))
  }
  return found
}
