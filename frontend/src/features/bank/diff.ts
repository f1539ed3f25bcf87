/** What changed between two texts, by characters: enough for a stem or an option. */
export interface Piece { text: string; kind: 'same' | 'old' | 'new' }

/** Longest common subsequence; texts beyond `most` characters are shown as replaced whole. */
export function diffText(before: string, after: string, most = 1200): Piece[] {
  if (before === after) return before ? [{ text: before, kind: 'same' }] : []
  const a = [...before]
  const b = [...after]
  if (a.length > most || b.length > most) return [{ text: before, kind: 'old' }, { text: after, kind: 'new' }]
  const width = b.length + 1
  const length = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * width + j] = a[i] === b[j] ? length[(i + 1) * width + j + 1] + 1 : Math.max(length[(i + 1) * width + j], length[i * width + j + 1])
    }
  }
  const out: Piece[] = []
  const push = (text: string, kind: Piece['kind']) => {
    const last = out[out.length - 1]
    if (last?.kind === kind) last.text += text
    else out.push({ text, kind })
  }
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      push(a[i++], 'same')
      j++
    } else if (i < a.length && (j === b.length || length[(i + 1) * width + j] >= length[i * width + j + 1])) push(a[i++], 'old')
    else push(b[j++], 'new')
  }
  return out
}
