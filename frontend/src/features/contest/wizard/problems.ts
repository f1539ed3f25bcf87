/** What still keeps a draft from being published, in the order of the steps. */
import type { Contest, ContestInput } from '../queries'
import type { FitState } from './useFit'

export const steps = ['preset', 'blueprint', 'times', 'people', 'check'] as const
export type Step = (typeof steps)[number]

export interface Problem {
  step: Step
  /** i18n key under wizard.problem. */
  key: string
  args?: Record<string, string | number>
  /** id of the element that mends it. */
  at: string
}

/** The most questions one paper may hold, as the server has it. */
export const mostQuestions = 200
export const drawn = (rows: ContestInput['rows']) => rows.reduce((sum, row) => sum + (row.count || 0), 0)

export function problemsOf(input: ContestInput, fit: FitState, contest: Contest | null, now: number): Problem[] {
  const found: Problem[] = []
  const add = (step: Step, key: string, at: string, args?: Problem['args']) => found.push({ step, key, at, args })
  if (!input.title.trim()) add('preset', 'title', 'contest-title')
  if (!input.rows.length) add('blueprint', 'noRows', 'add-row')
  if (drawn(input.rows) > mostQuestions) add('blueprint', 'tooMany', 'add-row', { max: mostQuestions })
  for (const row of fit.short.value) add('blueprint', 'short', `row-${row}`, { row: row + 1 })
  if (!input.opensAt) add('times', 'opens', 'opens-at')
  if (!input.closesAt) add('times', 'closes', 'closes-at')
  if (input.closesAt && Date.parse(input.closesAt) <= Math.max(now, input.opensAt ? Date.parse(input.opensAt) : 0)) add('times', 'order', 'closes-at')
  if (input.opensAt && input.closesAt && Date.parse(input.closesAt) - Date.parse(input.opensAt) < input.limitMs) add('times', 'window', 'closes-at')
  if (input.excellentMark < input.passMark) add('times', 'marks', 'excellent-mark')
  const needsResults = input.scoreShow === 'at' || input.reviewShow === 'at'
  if (needsResults && !input.resultsAt) add('times', 'results', 'results-at')
  else if (needsResults && input.closesAt && Date.parse(input.resultsAt!) < Date.parse(input.closesAt)) add('times', 'resultsEarly', 'results-at')
  if (nobody(input)) add('people', 'nobody', 'audience')
  return contest && contest.state !== 'draft' ? [] : found
}

export const nobody = ({ audience }: ContestInput) => !audience.all && !audience.unitIds.length && !audience.audienceIds.length && !audience.personIds.length
