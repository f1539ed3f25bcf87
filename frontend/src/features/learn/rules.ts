/** The rules of a contest in at most five plain sentences. */
import type { Intro } from '@/api/types'
import { moment } from '@/i18n/when'
import { points } from '@/lib/number'

type Say = (key: string, args?: Record<string, unknown>) => string

export function rulesOf(intro: Intro, t: Say): string[] {
  const rules = [t('learn.rules.full', { full: points(intro.fullMark), pass: points(intro.passMark), excellent: points(intro.excellentMark) })]
  rules.push(t('learn.rules.scoring.' + intro.scoring))
  if (intro.attemptsAllowed === 1) rules.push(t('learn.rules.once'))
  else {
    const times = intro.attemptsAllowed ? t('learn.rules.times', { n: intro.attemptsAllowed }) : t('learn.rules.anyTimes')
    const daily = intro.perDay ? t('learn.rules.daily', { n: intro.perDay }) : ''
    rules.push(times + daily + t('learn.rules.kept.' + intro.kept))
  }
  rules.push(t('learn.rules.save'))
  rules.push(t('learn.rules.takeover.' + intro.takeover))
  if (intro.resultsAt) rules.push(t('learn.rules.resultsAt', { time: moment(intro.resultsAt) }))
  return rules
}
