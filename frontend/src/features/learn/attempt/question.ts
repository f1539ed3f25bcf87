/** Letters of options, and a stem cut at its blanks. */
export const letter = (index: number): string => String.fromCharCode(65 + index)

export interface Piece {
  text: string
  /** 1-based number of the blank, 0 for text. */
  blank: number
}

/** A blank is written as two or more underscores, or as empty brackets. */
export function stemPieces(stem: string): Piece[] {
  const pieces: Piece[] = []
  const mark = /_{2,}|（\s*）|\(\s*\)/g
  let from = 0
  let n = 0
  for (let found = mark.exec(stem); found; found = mark.exec(stem)) {
    if (found.index > from) pieces.push({ text: stem.slice(from, found.index), blank: 0 })
    pieces.push({ text: '', blank: ++n })
    from = found.index + found[0].length
  }
  if (from < stem.length) pieces.push({ text: stem.slice(from), blank: 0 })
  return pieces
}

/** What was chosen, as letters: A、C. */
export function lettersOf(choice: number[] | undefined, options: { id: number }[] | undefined): string[] {
  if (!choice || !options) return []
  return options.flatMap((option, n) => (choice.includes(option.id) ? [letter(n)] : []))
}
