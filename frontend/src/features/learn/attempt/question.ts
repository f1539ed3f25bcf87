/** What stands in an answer, in a line of words, and a stem cut at its blanks. */
import type { PaperItem } from '@/api/types'
import { letter } from '@/ui/question/letters'

export { letter }

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

/** An answer in short: letters of what was picked, 1-B for a match, B → A for an order, or what was written. */
export function answerWords(item: PaperItem | undefined, value: { choice?: number[]; text?: string[] }): string[] {
  const written = (value.text ?? []).map((text) => text.trim()).filter(Boolean)
  if (!value.choice?.length) return written.map((text) => (text.length > 24 ? text.slice(0, 24) + '…' : text))
  const places = (item?.options ?? []).map((option) => option.id)
  const named = (id: number) => (places.includes(id) ? letter(places.indexOf(id)) : '?')
  if (item?.kind === 'matching') return value.choice.flatMap((id, n) => (id ? [`${n + 1}-${named(id)}`] : []))
  if (item?.kind === 'ordering') return [value.choice.map(named).join(' → ')]
  return lettersOf(value.choice, item?.options)
}

/** What was chosen, as letters: A、C. */
export function lettersOf(choice: number[] | undefined, options: { id: number }[] | undefined): string[] {
  if (!choice || !options) return []
  return options.flatMap((option, n) => (choice.includes(option.id) ? [letter(n)] : []))
}
