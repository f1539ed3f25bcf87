/** How a board's figures become words: bands by place among their neighbours, places, components, formulas. */
import { zone } from '@/i18n/when'
import { civil, type Lang } from '@/lib/when'
import type { Band, Component } from './types'

type Words = (key: string, args?: Record<string, unknown>) => string

/** One band has no name, two are small and large, three and four as in the rules. */
export function bandName(bands: Band[], at: number, t: Words): string {
  const names = [['all'], ['s', 'l'], ['s', 'm', 'l'], ['s', 'm', 'l', 'xl']][bands.length - 1]
  return names ? t('ranking.band.' + names[at]) : t('ranking.band.nth', { n: at + 1 })
}

/** 10 人及以下, 11–50 人, 51 人及以上. */
export function bandLimits(band: Band, t: Words): string {
  if (!band.to) return band.from <= 1 ? '' : t('ranking.band.from', { n: band.from })
  return band.from <= 1 ? t('ranking.band.to', { n: band.to }) : t('ranking.band.range', { from: band.from, to: band.to })
}

/** 1/100 point with one decimal, half up, as the board shows it. */
export function score(hundredths: number | null): string {
  if (hundredths === null) return '—'
  return (Math.round(hundredths / 10) / 10).toFixed(1)
}

/** Two decimals where a neighbour would look equal with one (rules-training R8). */
export function scoreAmong(value: number | null, neighbours: (number | null | undefined)[]): string {
  if (value === null) return '—'
  const close = neighbours.some((other) => other !== null && other !== undefined && other !== value && score(other) === score(value))
  return close ? (value / 100).toFixed(2) : score(value)
}

export const rate = (share: number | null): string => (share === null ? '—' : (share * 100).toFixed(1) + '%')

/** What a component counts: people for rates, points for means. */
export function inputs(part: Component, fullMark: number, t: Words): string {
  switch (part.code) {
    case 'participation':
    case 'passRate':
      return part.denominator ? `${part.numerator} / ${part.denominator}` : ''
    case 'average':
      return t('ranking.why.sumOver', { sum: score(part.numerator), n: fullMark ? part.denominator / fullMark : 0 })
    case 'fullAverage':
    case 'team':
      return t('ranking.why.sumOver', { sum: score(part.numerator), n: fullMark ? Math.round(part.denominator / fullMark) : 0 })
    default:
      return ''
  }
}

/** Value as shown: rates in per cent, means on a scale of 100. */
export function shownValue(part: Component): string {
  if (part.code === 'participation' || part.code === 'passRate') return rate(exact(part))
  return score(Math.round(exact(part) * 10_000))
}

/** From the fraction itself, so that the panel rounds as the table does. */
const exact = (part: Component) => (part.denominator > 0 ? part.numerator / part.denominator : part.value / 10_000)

/** 14:08 from ms, whole seconds, never rounded up: a finished time. */
export function duration(ms: number): string {
  const total = Math.floor(ms / 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(total / 3600)
  return `${hours ? hours + ':' + two(Math.floor((total % 3600) / 60)) : Math.floor(total / 60)}:${two(total % 60)}`
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** A date for paper: always with its year, never "today". */
export function dated(iso: string, lang: Lang, time = false): string {
  const at = civil(Date.parse(iso), zone.value)
  const clock = `${String(at.hour).padStart(2, '0')}:${String(at.minute).padStart(2, '0')}`
  if (lang === 'en') return `${at.day} ${months[at.month - 1]} ${at.year}${time ? ' ' + clock : ''}`
  return `${at.year}年${at.month}月${at.day}日${time ? clock : ''}`
}
