/** The examples of rules-contest 5.4, worked out by its formulas: key ABD of five options. */
import type { Scoring } from '../queries'

export const modes: Scoring[] = ['M0', 'M1', 'M1h', 'M2', 'M3', 'M4']
export const examples = ['ABD', 'AB', 'A', 'ABC', 'ABCDE', 'ACE'] as const
const key = 'ABD'
const options = 5

/** Score of one pick in 1/100 point, for a question worth `points`, rounded half up once. */
export function paid(mode: Scoring, pick: string, points: number): number {
  const right = [...pick].filter((letter) => key.includes(letter)).length
  const wrong = pick.length - right
  const all = right === key.length && wrong === 0
  const share = {
    M0: all ? 1 : 0,
    M1: wrong ? 0 : right / key.length,
    M1h: wrong || !right ? 0 : all ? 1 : 1 / 2,
    M2: Math.max(0, right / key.length - wrong / (options - key.length)),
    M3: Math.max(0, 1 - (2 * (key.length - right + wrong)) / options),
    M4: wrong ? 0 : right / key.length, // without weights of its own a question is paid as under M1
  }[mode]
  return Math.floor(points * share + 0.5 + 1e-9)
}
