/** A question's key in words, a line for each thing that is right. */
import type { PartForm } from './form'

export function keyLines(part: PartForm): string[] {
  switch (part.kind) {
    case 'fill':
      return [part.blanks.map((accepted) => accepted.join(' / ')).join('；')]
    case 'truefalse':
      return [part.truth === null ? '' : part.truth ? 'A' : 'B']
    case 'matching':
      return part.pairs.map((pair) => `${pair.left} → ${pair.right}`)
    case 'ordering':
      return part.options.map((option, n) => `${n + 1}. ${option.text}`)
    case 'essay':
      return [part.rubric]
    default: {
      const letters = part.options.map((option, n) => (option.correct ? String.fromCharCode(65 + n) : '')).join('')
      const weights = part.options.some((option) => option.weight) ? part.options.map((option, n) => `${String.fromCharCode(65 + n)} ${option.weight || 0}%`) : []
      return [letters, ...(weights.length ? [weights.join('  ')] : [])]
    }
  }
}
