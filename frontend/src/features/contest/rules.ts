/** The contest's rules as contestants will read them, one sentence each. */
import type { ContestInput } from './queries'
import { points } from '@/lib/number'

export interface Sentence { key: string; args?: Record<string, string | number> }

export function rulesOf(input: ContestInput, moment: (iso: string) => string): Sentence[] {
  const questions = input.rows.reduce((sum, row) => sum + row.count, 0)
  const full = input.rows.reduce((sum, row) => sum + row.count * row.points, 0)
  const out: Sentence[] = []
  if (input.opensAt && input.closesAt) out.push({ key: 'window', args: { from: moment(input.opensAt), to: moment(input.closesAt) } })
  out.push({ key: 'paper', args: { questions, full: points(full), minutes: Math.round(input.limitMs / 60_000) } })
  out.push({ key: input.hardClose ? 'hard' : 'soft' })
  out.push(attempts(input))
  if (input.attemptsTotal !== 1) out.push({ key: 'kept.' + input.kept })
  if (input.rows.some((row) => !row.kinds.length || row.kinds.includes('multiple'))) out.push({ key: 'scoring.' + input.scoring })
  out.push({ key: 'marks', args: { pass: points(input.passMark), excellent: points(input.excellentMark) } })
  out.push({ key: 'saving' })
  out.push({ key: 'takeover.' + input.takeover })
  const results = input.resultsAt ? moment(input.resultsAt) : '…'
  out.push({ key: 'score.' + input.scoreShow, args: { at: results } })
  out.push({ key: 'review.' + input.reviewShow, args: { at: results } })
  out.push({ key: 'ties' })
  return out
}

function attempts({ attemptsTotal: total, attemptsDay: day }: ContestInput): Sentence {
  if (total && day) return { key: 'attempts.both', args: { total, day } }
  if (total) return { key: 'attempts.total', args: { total } }
  return day ? { key: 'attempts.day', args: { day } } : { key: 'attempts.any' }
}
