/** One line of a contest's terms: 20 题 · 20 分钟 · 可答 3 次，取最好成绩. */
import { i18n } from '@/i18n'

export interface Terms {
  questions: number
  limitMinutes: number
  attemptsAllowed: number
  kept: string
}

export function terms(contest: Terms): string {
  const t = i18n.global.t
  const parts = [t('learn.terms.questions', { n: contest.questions }), t('learn.terms.minutes', { n: contest.limitMinutes })]
  if (contest.attemptsAllowed === 1) parts.push(t('learn.terms.once'))
  else {
    const times = contest.attemptsAllowed ? t('learn.terms.times', { n: contest.attemptsAllowed }) : t('learn.terms.anyTimes')
    parts.push(t('learn.terms.kept', { times, kept: t('learn.kept.' + contest.kept) }))
  }
  return parts.join(' · ')
}
