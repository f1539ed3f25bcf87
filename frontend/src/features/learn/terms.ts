/** One line of a contest's terms: 20 题 · 20 分钟 · 可答 3 次，取最好成绩. */
import { i18n } from '@/i18n'

export interface Terms {
  questions: number
  limitMs: number
  attemptsTotal: number
  kept: string
}

export const minutes = (ms: number) => Math.round(ms / 60_000)

export function terms(contest: Terms): string {
  const t = i18n.global.t
  const parts = [t('learn.terms.questions', { n: contest.questions }), t('learn.terms.minutes', { n: minutes(contest.limitMs) })]
  if (contest.attemptsTotal === 1) parts.push(t('learn.terms.once'))
  else {
    const times = contest.attemptsTotal ? t('learn.terms.times', { n: contest.attemptsTotal }) : t('learn.terms.anyTimes')
    parts.push(t('learn.terms.kept', { times, kept: t('learn.kept.' + contest.kept) }))
  }
  return parts.join(' · ')
}
