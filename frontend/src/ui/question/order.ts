/** The order a person sees: what was chosen, then what a choice does not name, as the paper shows it. */
export function orderOf(options: { id: number }[], choice: number[]): number[] {
  const known = choice.filter((id) => options.some((option) => option.id === id))
  return [...known, ...options.map((option) => option.id).filter((id) => !known.includes(id))]
}

/** A list with one thing taken from a place and put at another; places beyond the ends change nothing. */
export function moved<T>(list: T[], from: number, to: number): T[] {
  if (from < 0 || to < 0 || from >= list.length || to >= list.length) return list
  const next = [...list]
  next.splice(to, 0, ...next.splice(from, 1))
  return next
}
