/** Pictures in a text, as the server writes them: ![what it shows](picture:HASH#WxH). */
export interface TextPiece {
  text: string
  /** Set for a picture; `text` then says what it shows. */
  hash?: string
  width?: number
  height?: number
}

const mark = /!\[([^[\]]*)\]\(picture:([0-9a-f]{64})(?:#(\d{1,4})x(\d{1,4}))?\)/g

/** A text cut at its pictures. */
export function textPieces(text: string): TextPiece[] {
  const pieces: TextPiece[] = []
  let from = 0
  for (const found of text.matchAll(mark)) {
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) })
    pieces.push({ text: found[1], hash: found[2], width: Number(found[3]) || undefined, height: Number(found[4]) || undefined })
    from = found.index + found[0].length
  }
  if (from < text.length) pieces.push({ text: text.slice(from) })
  return pieces
}

/** A text in one line of words: what a picture shows stands in its place. */
export const plainText = (text: string): string => text.replace(mark, '［$1］')
