/** The rules of a contest in at most five plain sentences. */
import type { Contest } from '@/api/types'
import { moment } from '@/i18n/when'
import { points } from '@/lib/number'

type Say = (key: string, args?: Record<string, unknown>) => string

export function rulesOf(contest: Contest, t: Say): string[] {
  // Marks are set on a 100 scale; people compare them with the paper's own full mark.
  const marked = (mark: number) => points(Math.round((mark * contest.fullMark) / 10_000))
  const rules = [t('learn.rules.full', { full: points(contest.fullMark), pass: marked(contest.passMark), excellent: marked(contest.excellentMark) })]
  rules.push(t('learn.rules.scoring.' + contest.scoring))
  if (contest.attemptsTotal === 1) rules.push(t('learn.rules.once'))
  else {
    const times = contest.attemptsTotal ? t('learn.rules.times', { n: contest.attemptsTotal }) : t('learn.rules.anyTimes')
    const daily = contest.attemptsDay ? t('learn.rules.daily', { n: contest.attemptsDay }) : ''
    rules.push(times + daily + t('learn.rules.kept.' + contest.kept))
  }
  rules.push(t('learn.rules.save'))
  rules.push(t('learn.rules.takeover.' + contest.takeover))
  if (contest.resultsAt) rules.push(t('learn.rules.resultsAt', { time: moment(contest.resultsAt) }))
  return rules
}
